// SPDX-License-Identifier: MIT
// CellRenderer: from a value as MariaDB's text protocol gives it to the characters of the cell in the file,
// or to ISO form. Most columns are written as MariaDB writes them: those pass through untouched.
#pragma once
#include <string>
#include <string_view>

#include "core/csv/column_type.hpp"
#include "core/db/dataset_rows.hpp"

namespace sluice::db {

class CellRenderer {
 public:
  CellRenderer(const csv::ColumnType& type, Values values);

  /// True: the server's text is the cell's (and NULL is a bare empty field).
  bool passes_through() const { return passes_through_; }
  /// Appends the cell to `out`; false: a bare empty field. `text` is nothing for NULL.
  bool render(const char* text, std::size_t length, std::string& out) const;
  /// The same from a value, for records that are kept packed.
  bool render(const csv::TypedValue& value, std::string& out) const;

 private:
  csv::ColumnType type_;
  Values values_;
  bool passes_through_;
};

/// The value that the server's text of a column of this type stands for. Throws Error internal when it is
/// none.
csv::TypedValue value_from_server(const csv::ColumnType& type, std::string_view text);

}  // namespace sluice::db
