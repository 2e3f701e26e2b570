// SPDX-License-Identifier: MIT
// supervisord's XML-RPC over its Unix socket: the four calls that Sluice needs.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/config.hpp"

namespace sluice::ctl {

/// A process as supervisord sees it.
struct Process {
  std::string group;  ///< the program's name: "web", "runner", "nginx"
  std::string name;   ///< "web_00"; equal to the group where there is only one
  std::string state;  ///< STOPPED STARTING RUNNING BACKOFF STOPPING EXITED FATAL UNKNOWN
  pid_t pid = 0;      ///< 0: there is none

  std::string full_name() const { return group + ":" + name; }
};

/// Every call is one connection. Throws Error unavailable: `ctl.unreachable`, or `ctl.supervisor` with
/// supervisord's own words when it refuses (it is shutting down, no such process).
class Supervisor {
 public:
  /// `socket`: path; empty: the one in RUN_DIR.
  Supervisor(const Config& config, const std::string& socket);

  std::vector<Process> processes() const;
  /// Both return when it is RUNNING or has ended; with `wait` false at once.
  void start(const Process& process, bool wait) const;
  void stop(const Process& process) const;
  /// `signal`: "TERM", "KILL".
  void signal(const Process& process, const std::string& signal) const;

 private:
  std::string call(const std::string& method, const std::string& parameters) const;
  std::string socket_;
};

/// The programs that are ours to restart; not nginx, MariaDB and Redis.
bool is_pool_or_runner(const Process& process);

}  // namespace sluice::ctl
