// SPDX-License-Identifier: MIT
// How a column writes its numbers: currency mark, grouping, decimal mark, digits shown.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::csv {

struct NumberPattern {
  std::string prefix;  // "$", "US$ " ...
  std::string suffix;  // " €", "%" ...
  char group = 0;      // ',' '.' ' ' '\'' every three digits; 0: none
  char decimal = '.';  // '.' or ','
  std::uint8_t min_decimals =
      0;                     // digits shown after the mark at least; more only where the value needs them
  bool sign_first = true;    // "-$5", else "$-5"
  bool leading_zero = true;  // "0.5", else ".5"
  std::uint8_t exponent =
      0;  // real: 0 plain; 'e' or 'E': always scientific with min_decimals digits in the mantissa
  bool operator==(const NumberPattern&) const = default;
};

}  // namespace sluice::csv
