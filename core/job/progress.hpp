// SPDX-License-Identifier: MIT
// Rates of a running job, smoothed, for "so many a second" and the time left. No I/O; the caller brings the
// clock.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"

namespace sluice::job {

class RateMeter {
 public:
  struct Rates {
    std::optional<double> records_per_second;  ///< nothing before the first full interval of a phase
    std::optional<double> bytes_per_second;
  };
  /// Counts as they stand at `now`. A new phase, or counts that went back, starts anew.
  Rates update(std::string_view phase, std::uint64_t records, std::uint64_t bytes, BootClock::time_point now);

 private:
  std::string phase_;
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
  BootClock::time_point at_{};
  bool started_ = false;
  Rates rates_;
};

}  // namespace sluice::job
