// SPDX-License-Identifier: MIT
// Table `cell_texts`, the sparse side store: cells that have a value of their column's type but are written
// otherwise than the column's rule writes it (`$72` among `$72.00`).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/record.hpp"
#include "core/db/bulk_insert.hpp"
#include "core/db/connection.hpp"

namespace sluice::db {

struct CellText {
  std::uint64_t row_no = 0;
  std::uint32_t column = 0;         ///< from 0
  std::optional<std::string> text;  ///< nothing: a bare empty field
};

/// Adds cells in arrays; flush() before the commit.
class CellTextWriter {
 public:
  CellTextWriter(Connection& connection, std::uint64_t import_id);
  void add(std::uint64_t row_no, std::uint32_t column, const csv::Field& field);
  void flush() { insert_.flush(); }

 private:
  BulkInsert insert_;
};

/// Cells of the rows in [first, last], by row and column.
std::vector<CellText> read_cell_texts(Connection& connection, std::uint64_t import_id, std::uint64_t first,
                                      std::uint64_t last);
/// At most `limit`; how many there were.
std::uint64_t delete_some_cell_texts(Connection& connection, std::uint64_t import_id, std::uint32_t limit);

}  // namespace sluice::db
