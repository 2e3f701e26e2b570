// SPDX-License-Identifier: MIT
// CellFilter: rows by what stands in one of their columns, in SQL where the column is stored and by hand
// where it is not (layout `packed`).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/csv/column_type.hpp"
#include "core/csv/value.hpp"

namespace sluice::db {

class CellFilter {
 public:
  /// NULL in the column.
  static CellFilter null_in(std::uint32_t column);
  /// A value in [least, greatest]; each may be left out, and NULL is in no range. Numbers are plain, dates
  /// ISO (a day stands for all of its times), booleans true or false; whatever is none of these is read as
  /// the column's cells are. Error invalid `dataset.filter`.
  static CellFilter range_of(std::uint32_t column, const csv::ColumnType& type,
                             std::optional<std::string_view> least, std::optional<std::string_view> greatest);

  std::uint32_t column() const { return column_; }
  /// A condition on the column of the table; `identifier` is ours.
  std::string sql(std::string_view identifier) const;
  bool admits(const csv::TypedValue& value) const;
  /// Days of a date column, both included, for the block index; nothing for others and for NULL.
  std::optional<std::pair<std::optional<csv::Date>, std::optional<csv::Date>>> days() const;

 private:
  std::string literal(const std::string& bound) const;
  /// Of two values in typed form: negative, 0, positive.
  int compare(std::string_view a, std::string_view b) const;

  std::uint32_t column_ = 0;
  csv::ColumnType type_;
  bool null_ = false;
  std::optional<std::string> least_, greatest_;  // as render_typed() writes them, numbers perhaps otherwise
};

}  // namespace sluice::db
