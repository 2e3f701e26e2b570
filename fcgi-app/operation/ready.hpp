// SPDX-License-Identifier: MIT
// GET /readyz: may work be sent here? And GET /metrics for Prometheus.
#pragma once
#include "fcgi-app/routes.hpp"

namespace sluice::fcgi::operation {

/// 200 or 503 with one object per check: {ready, checks: {database, schema, redis, disk, runners}}. Redis
/// being away is shown, but does not make it unready: jobs go on by polling.
Response get_readyz(Request& request, const Actor& actor, Services& services);
Response get_metrics(Request& request, const Actor& actor, Services& services);

/// Free bytes of the disk that holds the data, and what is to be kept free of it.
struct Disk {
  std::uint64_t free_bytes = 0;
  std::uint64_t reserve_bytes = 0;
  bool known = false;
};
Disk disk_of(const Config& config);

}  // namespace sluice::fcgi::operation
