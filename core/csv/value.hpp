// SPDX-License-Identifier: MIT
// Values of the types a column can have.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <string_view>
#include <variant>

namespace sluice::csv {

struct Date {
  std::int16_t year = 1;  // 1-9999
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  auto operator<=>(const Date&) const = default;
};

struct TimeOfDay {
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::uint32_t microsecond = 0;
  auto operator<=>(const TimeOfDay&) const = default;
};

struct DateTime {
  Date date;
  TimeOfDay time;
  auto operator<=>(const DateTime&) const = default;
};

// A plain decimal number as text: an optional '-', digits, and a '.' with digits if there are any. Owns its
// characters.
class Decimal {
 public:
  Decimal() = default;
  explicit Decimal(std::string_view text);  // at most kMax characters, the rest is cut
  std::string_view view() const { return {chars_.data(), size_}; }
  bool operator==(const Decimal& other) const { return view() == other.view(); }
  static constexpr std::size_t kMax = 47;

 private:
  std::array<char, kMax> chars_{};
  std::uint8_t size_ = 0;
};

// Text points at memory of the caller. std::monostate is NULL.
using TypedValue = std::variant<std::monostate, bool, std::int64_t, double, Decimal, Date, DateTime,
                                TimeOfDay, std::string_view>;

inline bool is_null(const TypedValue& value) {
  return std::holds_alternative<std::monostate>(value);
}

// Dates and times as one number that sorts as they do: microseconds since 0000-03-01.
std::int64_t to_microseconds(const Date& date);
std::int64_t to_microseconds(const DateTime& datetime);
DateTime from_microseconds(std::int64_t microseconds);

bool is_valid(const Date& date);  // proleptic Gregorian, years 1-9999

}  // namespace sluice::csv
