// SPDX-License-Identifier: MIT
#include "ctl/watch/watcher.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "core/base/error.hpp"
#include "core/base/log.hpp"

namespace sluice::ctl {
namespace {

using std::chrono::seconds;

constexpr seconds kFirstTry{5};
constexpr seconds kLongestWait{600};
constexpr seconds kStable{60};  // running that long, a program counts as mended
constexpr seconds kBetweenRestarts{60};
constexpr seconds kDrainsWithin{40};  // beyond the longest stopwaitsecs

/// 0 when the process is gone.
std::uint64_t resident_bytes(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

Watcher::Watcher(const Config& config, const std::string& supervisor_socket, MemoryLimits limits)
    : supervisor_(config, supervisor_socket),
      limits_(std::move(limits)),
      counters_(config.run_dir + "/watch.metrics") {}

void Watcher::look() {
  try {
    const auto processes = supervisor_.processes();
    for (const Process& process : processes) mind_fatal(process);
    follow_drains(processes);
    mind_memory(processes);
  } catch (const Error& error) {
    log_warning("supervisord cannot be asked", {{"code", error.code()}, {"detail", error.detail()}});
  }
  counters_.save();
}

void Watcher::mind_fatal(const Process& process) {
  const Time now = BootClock::now();
  if (process.state != "FATAL") {
    const auto known = fatal_.find(process.full_name());
    if (known == fatal_.end()) return;
    Fatal& fatal = known->second;
    if (process.state != "RUNNING" || fatal.now) fatal.running_since = now;
    fatal.now = false;
    if (now - fatal.running_since >= kStable) fatal_.erase(known);
    return;
  }
  Fatal& fatal = fatal_[process.full_name()];
  if (!fatal.now) {
    fatal.now = true;
    fatal.delay = fatal.delay == seconds{0} ? kFirstTry : std::min(fatal.delay * 2, kLongestWait);
    fatal.again_at = now + fatal.delay;
    counters_.fatal(process.group);
    log_error("a program was given up", {{"program", process.full_name()}, {"retry_s", fatal.delay.count()}});
  } else if (now >= fatal.again_at) {
    log_info("trying the program again", {{"program", process.full_name()}});
    fatal.now = false;  // should it be given up again, that counts anew and the wait is longer
    supervisor_.start(process, false);
  }
}

void Watcher::follow_drains(const std::vector<Process>& processes) {
  const Time now = BootClock::now();
  for (const Process& process : processes) {
    const auto found = draining_.find(process.full_name());
    if (found == draining_.end()) continue;
    Draining& draining = found->second;
    if (process.pid == draining.pid) {
      if (now - draining.told_at < kDrainsWithin || draining.killed) continue;
      log_error("it did not end in time: killing it",
                {{"program", process.full_name()}, {"pid", process.pid}});
      draining.killed = true;
      supervisor_.signal(process, "KILL");
    } else if (process.state == "RUNNING") {
      rests_until_[process.full_name()] = now + kBetweenRestarts;
      draining_.erase(found);
    }
  }
}

void Watcher::mind_memory(const std::vector<Process>& processes) {
  const Time now = BootClock::now();
  counters_.forget_resident();
  std::map<std::string, std::pair<const Process*, std::uint64_t>> worst;  // by program
  for (const Process& process : processes) {
    if (process.state != "RUNNING" || process.pid == 0) continue;
    const std::uint64_t bytes = resident_bytes(process.pid);
    counters_.resident(process.name, bytes);
    const std::uint64_t limit = limit_of(process);
    const auto rests = rests_until_.find(process.full_name());
    if (limit == 0 || bytes <= limit || (rests != rests_until_.end() && now < rests->second)) continue;
    auto& [which, most] = worst[process.group];
    if (bytes > most) which = &process, most = bytes;
  }
  for (const auto& [program, heaviest] : worst)
    if (may_restart_one_of(program, processes)) restart(*heaviest.first, heaviest.second);
}

std::uint64_t Watcher::limit_of(const Process& process) const {
  const auto found = limits_.find(process.group);
  return found == limits_.end() ? 0 : found->second;
}

bool Watcher::may_restart_one_of(const std::string& program, const std::vector<Process>& processes) const {
  return std::all_of(processes.begin(), processes.end(), [&](const Process& process) {
    return process.group != program ||
           (process.state == "RUNNING" && !draining_.contains(process.full_name()));
  });
}

void Watcher::restart(const Process& process, std::uint64_t bytes) {
  log_warning("above its memory limit: restarting it", {{"program", process.full_name()},
                                                        {"pid", process.pid},
                                                        {"resident_bytes", bytes},
                                                        {"limit_bytes", limit_of(process)}});
  supervisor_.signal(process, "TERM");
  draining_[process.full_name()] = {process.pid, BootClock::now(), false};
  counters_.memory_restart(process.group);
}

}  // namespace sluice::ctl
