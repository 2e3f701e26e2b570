// SPDX-License-Identifier: MIT
#include "core/base/clock.hpp"

#include <fmt/format.h>
#include <time.h>

namespace sluice {

BootClock::time_point BootClock::now() noexcept {
  timespec at{};
  clock_gettime(CLOCK_BOOTTIME, &at);
  return time_point{std::chrono::seconds{at.tv_sec} + std::chrono::nanoseconds{at.tv_nsec}};
}

std::string wall_time_rfc3339() {
  timespec at{};
  clock_gettime(CLOCK_REALTIME, &at);
  tm utc{};
  gmtime_r(&at.tv_sec, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, at.tv_nsec / 1000);
}

}  // namespace sluice
