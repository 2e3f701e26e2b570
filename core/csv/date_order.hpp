// SPDX-License-Identifier: MIT
// Which of a pattern's numbers is the day, and which the month.
#pragma once
#include <optional>

#include "core/csv/column_type.hpp"
#include "core/csv/date_pattern.hpp"

namespace sluice::csv {

/// none: the month has a name, there is no date, or the order is none of those that detection knows.
DateOrder order_of(const DatePattern& pattern);
/// The same with day and month in each other's place; nothing where the month has a name or there is no date.
std::optional<DatePattern> day_and_month_swapped(const DatePattern& pattern);
std::optional<ColumnType> day_and_month_swapped(const ColumnType& type);

}  // namespace sluice::csv
