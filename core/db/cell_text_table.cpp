// SPDX-License-Identifier: MIT
#include "core/db/cell_text_table.hpp"

namespace sluice::db {
namespace {

using Native = BulkInsert::Native;

constexpr const char* kRead =
    "SELECT row_no, column_no, text FROM cell_texts WHERE import_id = ? AND row_no BETWEEN ? AND ? "
    "ORDER BY row_no, column_no";
constexpr const char* kDeleteSome = "DELETE FROM cell_texts WHERE import_id = ? LIMIT ?";

}  // namespace

CellTextWriter::CellTextWriter(Connection& connection, std::uint64_t import_id)
    : insert_(connection, "cell_texts",
              {{"import_id", Native::integer, import_id},
               {"row_no", Native::integer},
               {"column_no", Native::integer},
               {"text", Native::text}}) {}

void CellTextWriter::add(std::uint64_t row_no, std::uint32_t column, const csv::Field& field) {
  insert_.add(static_cast<std::int64_t>(row_no));
  insert_.add(static_cast<std::int64_t>(column));
  if (field.is_null())
    insert_.add_null();
  else
    insert_.add(field.text);
  insert_.end_row();
}

std::vector<CellText> read_cell_texts(Connection& connection, std::uint64_t import_id, std::uint64_t first,
                                      std::uint64_t last) {
  std::vector<CellText> cells;
  for (const Row& row : connection.select(kRead, {import_id, first, last}))
    cells.push_back({row.u64(0), static_cast<std::uint32_t>(row.u64(1)), row.maybe_text(2)});
  return cells;
}

std::uint64_t delete_some_cell_texts(Connection& connection, std::uint64_t import_id, std::uint32_t limit) {
  return connection.execute(kDeleteSome, {import_id, limit}).rows;
}

}  // namespace sluice::db
