// SPDX-License-Identifier: MIT
// A number as it stands in a cell, taken apart without knowing yet which mark is the decimal one.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/csv/number_pattern.hpp"

namespace sluice::csv {

struct NumberParts {
  bool padded = false;  // blanks around it
  bool plus = false;
  bool minus = false;
  bool sign_first = true;           // the minus stands before the prefix
  std::string_view prefix, suffix;  // currency marks, percent sign, with the blank that belongs to them
  std::string_view body;            // digits and marks; begins and ends with a digit, or begins with a mark
  std::string_view exponent;        // with its letter, "e-05"; empty when there is none
};

// False when the text is no number under any convention.
bool take_apart(std::string_view text, NumberParts& parts);

// The ways to write digits. kPlain comes first: it needs no proof.
struct Convention {
  char group;
  char decimal;
};
inline constexpr std::array<Convention, 7> kConventions{
    {{0, '.'}, {',', '.'}, {0, ','}, {'.', ','}, {' ', ','}, {' ', '.'}, {'\'', '.'}}};

// A body read under a convention.
struct Digits {
  std::array<char, 48> chars{};       // whole and fractional digits without marks
  std::uint8_t whole = 0;             // digits before the mark, 0 for ".5"
  std::uint8_t decimals = 0;          // digits after it, as written
  std::uint8_t natural_decimals = 0;  // without trailing zeros
  bool grouped = false;               // group marks were there
  std::string_view whole_digits() const { return {chars.data(), whole}; }
  std::string_view decimal_digits() const { return {chars.data() + whole, decimals}; }
  bool is_zero() const;
};
// False where the body is not of this convention, has more than 47 digits, or begins with a zero that means
// nothing (007 is a name, not a number).
bool read_digits(std::string_view body, Convention convention, Digits& digits);

// "-12.50": as MariaDB reads it. `decimals` of them are kept, which must include all that are not zero.
std::string plain_text(bool minus, const Digits& digits, std::size_t decimals);

// A number written as "-1.250e-07" is: one digit that is not zero, at most 15 digits in all, an exponent with
// its sign and two digits. render_real with this letter and so many decimals gives exactly these characters
// back.
struct Scientific {
  char letter;                // e or E
  std::int64_t mantissa = 0;  // all its digits, with its sign: below 10^15
  std::uint8_t decimals = 0;
  int exponent = 0;
  bool trailing_zero = false;  // the last decimal
};
std::optional<Scientific> read_scientific(std::string_view text);
// The double next to it. `text` is what it was read from.
double value_of(const Scientific& number, std::string_view text);

// Appends the value, given as plain text ("-1234.5"), as the pattern writes it.
void render_number(const NumberPattern& pattern, std::string_view plain, std::string& out);
// A double as the pattern writes it: shortest digits, scientific below 1e-4 and from 1e16 on, or always
// scientific.
void render_real(const NumberPattern& pattern, double value, std::string& out);

}  // namespace sluice::csv
