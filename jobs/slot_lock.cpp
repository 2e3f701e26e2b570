// SPDX-License-Identifier: MIT
#include "jobs/slot_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <thread>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"

namespace sluice::jobs {
namespace {

std::string path_of(const std::string& run_dir, int slot) {
  return run_dir + "/slot-" + std::to_string(slot) + ".lock";
}

}  // namespace

SlotLock::SlotLock(const std::string& run_dir, int slot, std::chrono::milliseconds within)
    : fd_(open(path_of(run_dir, slot).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640)) {
  if (!fd_) throw Error(sluice::Kind::unavailable, "runner.run_dir", "cannot open " + path_of(run_dir, slot));
  constexpr std::chrono::milliseconds kBetween{20};
  const auto deadline = BootClock::now() + within;
  while (flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (BootClock::now() >= deadline)
      throw Error(sluice::Kind::conflict, "runner.slot_taken",
                  "another process holds " + path_of(run_dir, slot));
    std::this_thread::sleep_for(kBetween);
  }
}

std::optional<bool> slot_is_abandoned(const std::string& run_dir, int slot) {
  const UniqueFd fd(open(path_of(run_dir, slot).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return std::nullopt;
  return flock(fd.get(), LOCK_SH | LOCK_NB) == 0;
}

}  // namespace sluice::jobs
