// SPDX-License-Identifier: MIT
// How a column writes its dates and times.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/csv/value.hpp"

namespace sluice::csv {

// A pattern of fields and literal characters, in the manner of strftime:
//   %Y year in 4 digits  %y in 2 (pivot 70: 70-99 are 19xx, 00-69 are 20xx)
//   %m %d %H %I %M %S two digits  %-m %-d %-H %-I without a leading zero
//   %b Jan  %B January (with ^ upper case, with _ lower case)  %p AM/PM  %_p am/pm
//   %f fraction with its mark: `.` and as many digits as the column's fraction; %?f left out when it is zero;
//   %,f with a comma
struct DatePattern {
  std::string format;
  bool operator==(const DatePattern&) const = default;
};

inline constexpr std::string_view kPatternFlags = "-^_?,";  // between a % and its letter

enum class DateOrder : std::uint8_t { none, ymd, dmy, mdy, ambiguous, contradictory };
std::string_view to_string(DateOrder order);  // "" "ymd" "dmy" "mdy" "ambiguous" "contradictory"

}  // namespace sluice::csv
