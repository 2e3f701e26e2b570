// SPDX-License-Identifier: MIT
// Numbers over all jobs, for /readyz and /metrics.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/db/connection.hpp"

namespace sluice::db {

struct JobCount {
  std::string kind;
  std::string state;
  std::uint64_t count = 0;
};
std::vector<JobCount> count_jobs(Connection& connection);
std::uint64_t running_jobs(Connection& connection);
/// Seconds that the oldest due job has been waiting; 0 when none waits.
double queue_age_seconds(Connection& connection);

struct EventCount {
  std::string event;
  std::uint64_t count = 0;
};
/// Take-overs, retries and failures in the history as it is kept.
std::vector<EventCount> count_events(Connection& connection);

}  // namespace sluice::db
