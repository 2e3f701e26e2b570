// SPDX-License-Identifier: MIT
// LeaseWatch: which leases stood still for so long that their holders count as dead. No I/O; the watcher's
// own steady clock decides, no wall clock does.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/base/clock.hpp"
#include "core/db/job_lease_table.hpp"

namespace sluice::jobs {

class LeaseWatch {
 public:
  /// `lease`: how long; `look`: how often look() is meant to be called.
  LeaseWatch(std::chrono::milliseconds lease, std::chrono::milliseconds look) : lease_(lease), look_(look) {}

  /// What was seen just now; returns those unchanged for at least `lease`. When the last look is more than a
  /// second late (its read failed, or the watcher was stopped), all are counted anew: an outage of MariaDB
  /// must not end in the take-over of every job.
  std::vector<db::SeenLease> look(const std::vector<db::SeenLease>& seen, BootClock::time_point now);

 private:
  struct Seen {
    std::uint64_t epoch;
    std::uint64_t lease_seq;
    BootClock::time_point since;
  };
  std::chrono::milliseconds lease_;
  std::chrono::milliseconds look_;
  std::optional<BootClock::time_point> last_;
  std::map<std::uint64_t, Seen> jobs_;
};

}  // namespace sluice::jobs
