// SPDX-License-Identifier: MIT
// One HTTP/1.0 request and its answer over a socket of this host: no client library for a status line.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace sluice::ctl {

struct Answer {
  int status = 0;
  std::string body;
};

/// Sends `request` (a whole HTTP/1.0 request) and reads until the other side closes. Throws Error unavailable
/// `ctl.unreachable` when nobody listens or answers within `patience`.
Answer exchange_with_port(std::uint16_t port, const std::string& request, std::chrono::seconds patience);
Answer exchange_with_socket(const std::string& path, const std::string& request,
                            std::chrono::seconds patience);

}  // namespace sluice::ctl
