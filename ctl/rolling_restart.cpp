// SPDX-License-Identifier: MIT
// supervisord closes a pool's socket when the pool's last process stops, and requests fail until it is open
// again. So processes are restarted one after another, each RUNNING before the next one goes.
#include <fmt/format.h>

#include <cstdio>

#include "core/base/error.hpp"
#include "ctl/commands.hpp"
#include "ctl/supervisor.hpp"

namespace sluice::ctl {

int rolling_restart(const Config& config, const std::string& supervisor_socket) {
  const Supervisor supervisor(config, supervisor_socket);
  int restarted = 0;
  int failed = 0;
  for (const Process& process : supervisor.processes()) {
    if (!is_pool_or_runner(process) || process.state == "STOPPED" || process.state == "EXITED") continue;
    ++restarted;
    try {
      if (process.state != "FATAL") supervisor.stop(process);
      supervisor.start(process, true);
      fmt::print("{}: restarted\n", process.full_name());
    } catch (const Error& error) {
      ++failed;
      fmt::print("{}: {}\n", process.full_name(), error.detail());
    }
    std::fflush(stdout);
  }
  if (restarted == 0)
    throw Error(Kind::unavailable, "restart.nothing", "supervisord has no program of ours running");
  return failed == 0 ? 0 : 1;
}

}  // namespace sluice::ctl
