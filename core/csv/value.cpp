// SPDX-License-Identifier: MIT
#include "core/csv/value.hpp"

#include <algorithm>

namespace sluice::csv {

namespace {

constexpr std::int64_t kDay = 86'400'000'000;

// Days since 0000-03-01: counting years from March puts the leap day last.
std::int64_t days_from(const Date& date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t month = (date.month + 9) % 12;
  return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date.day - 1;
}

bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

}  // namespace

Decimal::Decimal(std::string_view text) {
  size_ = static_cast<std::uint8_t>(std::min(text.size(), kMax));
  std::copy_n(text.begin(), size_, chars_.begin());
}

std::int64_t to_microseconds(const Date& date) {
  return days_from(date) * kDay;
}

std::int64_t to_microseconds(const DateTime& value) {
  const TimeOfDay& time = value.time;
  return days_from(value.date) * kDay + ((time.hour * 60 + time.minute) * 60 + time.second) * 1'000'000LL +
         time.microsecond;
}

DateTime from_microseconds(std::int64_t microseconds) {
  const std::int64_t days = microseconds / kDay;
  std::int64_t rest = microseconds % kDay;
  DateTime value;
  value.time.microsecond = static_cast<std::uint32_t>(rest % 1'000'000);
  rest /= 1'000'000;
  value.time.second = static_cast<std::uint8_t>(rest % 60);
  value.time.minute = static_cast<std::uint8_t>(rest / 60 % 60);
  value.time.hour = static_cast<std::uint8_t>(rest / 3600);
  const std::int64_t era = days / 146'097;
  const std::int64_t of_era = days % 146'097;
  const std::int64_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  value.date.day = static_cast<std::uint8_t>(of_year - (153 * month + 2) / 5 + 1);
  value.date.month = static_cast<std::uint8_t>(month < 10 ? month + 3 : month - 9);
  value.date.year = static_cast<std::int16_t>(year + era * 400 + (value.date.month <= 2 ? 1 : 0));
  return value;
}

bool is_valid(const Date& date) {
  static constexpr std::uint8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1) return false;
  return date.day <= kDays[date.month - 1] + (date.month == 2 && is_leap(date.year) ? 1 : 0);
}

}  // namespace sluice::csv
