// SPDX-License-Identifier: MIT
#include "core/csv/date_order.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::csv {

namespace {

// Where the letter behind a `%` and its flag stands that is one of `letters`.
std::size_t place_of(std::string_view format, std::string_view letters) {
  for (std::size_t i = format.find('%'); i != std::string_view::npos; i = format.find('%', i + 1)) {
    if (i + 1 < format.size() && kPatternFlags.find(format[i + 1]) != std::string_view::npos) ++i;
    if (++i < format.size() && letters.find(format[i]) != std::string_view::npos) return i;
  }
  return std::string_view::npos;
}

}  // namespace

DateOrder order_of(const DatePattern& pattern) {
  const std::size_t year = place_of(pattern.format, "yY"), month = place_of(pattern.format, "m"),
                    day = place_of(pattern.format, "d"), none = std::string_view::npos;
  if (year == none || month == none || day == none) return DateOrder::none;
  if (year < month && month < day) return DateOrder::ymd;
  if (day < month && month < year) return DateOrder::dmy;
  if (month < day && day < year) return DateOrder::mdy;
  return DateOrder::none;
}

std::optional<DatePattern> day_and_month_swapped(const DatePattern& pattern) {
  const std::size_t month = place_of(pattern.format, "m"), day = place_of(pattern.format, "d");
  if (month == std::string_view::npos || day == std::string_view::npos) return std::nullopt;
  DatePattern swapped = pattern;
  swapped.format[month] = 'd';
  swapped.format[day] = 'm';
  return swapped;
}

std::optional<ColumnType> day_and_month_swapped(const ColumnType& type) {
  if (!is_date(type.type)) return std::nullopt;
  auto pattern = day_and_month_swapped(type.date);
  if (!pattern) return std::nullopt;
  ColumnType swapped = type;
  swapped.date = std::move(*pattern);
  return swapped;
}

}  // namespace sluice::csv
