// SPDX-License-Identifier: MIT
// Dates and times as they stand in cells: their shape, their numbers, and how a pattern reads and writes
// them.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/csv/date_pattern.hpp"
#include "core/csv/date_range.hpp"

namespace sluice::csv {

// A cell taken apart. `shape` holds one character for each part: '9' for one or two digits, '4' for four, 'b'
// for the name of a month, 'p' for AM or PM, everything else as it stands. "10/16/17 22:59" is "9/9/9 9:9".
struct DateParts {
  static constexpr std::size_t kMost = 7;
  std::array<char, 40> shape_chars{};
  std::uint8_t shape_size = 0;
  std::array<std::uint16_t, kMost> numbers{};
  std::array<std::uint8_t, kMost> digits{};  // how many each number has
  std::uint8_t count = 0;
  std::uint8_t fraction_digits = 0;
  std::uint32_t microsecond = 0;
  std::uint8_t month = 0;      // from its name
  bool long_name = false;      // January; May is both and counts as short
  bool either_length = false;  // May
  char name_case = 'T';        // T January, U JANUARY, L january
  bool pm = false;
  char half_case = 'U';  // U PM, L pm
  std::string_view shape() const { return {shape_chars.data(), shape_size}; }
};
bool take_apart(std::string_view text, DateParts& parts);

// What the parts of a shape mean.
struct DateShape {
  enum class Role : std::uint8_t { year, short_year, month, day, hour, minute, second };
  bool has_date = false;
  bool has_time = false;
  bool has_second = false;
  bool named_month = false;
  bool half_day = false;  // AM/PM
  std::array<bool, kNumericOrders>
      orders{};  // those the shape allows; with a named month ymd alone stands for "given"
  std::array<std::uint8_t, 3> date_parts{};  // indexes of the three (with a named month two) date numbers
  std::uint8_t first_time_part = 0;          // index of the hour
};
std::optional<DateShape> understand(std::string_view shape);

// The date and time of a cell under an order; nothing where there is no such day or time.
std::optional<DateTime> value_of(const DateParts& parts, const DateShape& shape, NumericOrder order);

// The pattern of a shape, with what the majority of cells does about zeros and letters.
struct DateStyle {
  NumericOrder order = NumericOrder::ymd;
  std::array<bool, DateParts::kMost> padded{};  // per number
  bool long_name = false;
  char name_case = 'T';
  char half_case = 'U';
  bool fraction = false;
  bool fraction_optional = false;  // left out when zero
};
DatePattern make_pattern(std::string_view shape_text, const DateShape& shape, const DateStyle& style);

// A format that says each part once and all parts that a date or a time needs: what make_pattern() makes.
bool is_pattern(std::string_view format, bool has_date, bool has_time);

struct ReadDate {
  DateTime value;
  bool exact = false;  // render_date gives the text back
};
// `fraction`: digits of a second's fraction the column keeps.
std::optional<ReadDate> read_date(const DatePattern& pattern, std::uint8_t fraction, std::string_view text);
void render_date(const DatePattern& pattern, std::uint8_t fraction, const DateTime& value, std::string& out);

}  // namespace sluice::csv
