// SPDX-License-Identifier: MIT
// Clock: what a process measures with. Durations that decide come from CLOCK_BOOTTIME, never from the wall.
#pragma once
#include <chrono>
#include <string>

namespace sluice {

/// Monotonic, counts while the host sleeps (CLOCK_BOOTTIME).
struct BootClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept;
};

/// Replaceable in tests.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual BootClock::time_point now() const { return BootClock::now(); }
};

/// RFC 3339 UTC with microseconds, "2017-03-01T12:00:00.000000Z": for the log.
std::string wall_time_rfc3339();

}  // namespace sluice
