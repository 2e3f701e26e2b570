// SPDX-License-Identifier: MIT
// The rules of watch. A program that supervisord gave up (FATAL) is tried again, each time after twice the
// wait. A process above its program's memory limit is told to end; it drains, and supervisord starts it anew:
// one of a program at a time, so that a pool never loses its socket, and the same one not more than once a
// minute.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/config.hpp"
#include "ctl/supervisor.hpp"
#include "ctl/watch/counters.hpp"

namespace sluice::ctl {

/// Bytes that a process of a program may have resident; 0: any. The setting of a program is
/// SLUICE_<PROGRAM>_MEMORY, and the runners' is that of quarantine too.
using MemoryLimits = std::map<std::string, std::uint64_t, std::less<>>;

class Watcher {
 public:
  Watcher(const Config& config, const std::string& supervisor_socket, MemoryLimits limits);

  /// Looks at every process once and acts. A supervisord that refuses is logged, not thrown.
  void look();

 private:
  using Time = BootClock::time_point;
  struct Fatal {
    bool now = false;               ///< still given up
    std::chrono::seconds delay{0};  ///< before the next try
    Time again_at, running_since;
  };
  struct Draining {
    pid_t pid = 0;
    Time told_at;
    bool killed = false;
  };

  void mind_fatal(const Process& process);
  void follow_drains(const std::vector<Process>& processes);
  void mind_memory(const std::vector<Process>& processes);
  std::uint64_t limit_of(const Process& process) const;
  bool may_restart_one_of(const std::string& program, const std::vector<Process>& processes) const;
  void restart(const Process& process, std::uint64_t bytes);

  const Supervisor supervisor_;
  const MemoryLimits limits_;
  Counters counters_;
  std::map<std::string, Fatal> fatal_;
  std::map<std::string, Draining> draining_;
  std::map<std::string, Time> rests_until_;  ///< restarted a short time ago
};

}  // namespace sluice::ctl
