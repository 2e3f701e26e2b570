// SPDX-License-Identifier: MIT
#include "core/db/import_column_table.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/base/error.hpp"
#include "core/db/bulk_insert.hpp"

namespace sluice::db {
namespace {

constexpr const char* kRead =
    "SELECT column_no, cells, nulls, least, greatest, sketch FROM import_columns WHERE import_id = ?";
constexpr const char* kDeleteAll = "DELETE FROM import_columns WHERE import_id = ?";
constexpr const char* kDeleteSome = "DELETE FROM import_columns WHERE import_id = ? LIMIT ?";

void add_text(BulkInsert& insert, const std::optional<std::string>& text) {
  if (text)
    insert.add(std::string_view(*text));
  else
    insert.add_null();
}

/// Numbers by their value, texts by their bytes.
bool less(const std::string& a, const std::string& b, bool text) {
  if (text) return a < b;
  const double x = std::strtod(a.c_str(), nullptr), y = std::strtod(b.c_str(), nullptr);
  return x != y ? x < y : false;
}

void merge(ColumnStats& all, ColumnStats&& one, bool text) {
  all.cells += one.cells;
  all.nulls += one.nulls;
  if (one.least && (!all.least || less(*one.least, *all.least, text))) all.least = std::move(one.least);
  if (one.greatest && (!all.greatest || less(*all.greatest, *one.greatest, text)))
    all.greatest = std::move(one.greatest);
  all.distinct.merge(one.distinct);
}

}  // namespace

void replace_column_stats(Transaction& transaction, std::uint64_t import_id,
                          std::span<const ColumnStats> columns) {
  using Native = BulkInsert::Native;
  transaction.connection().execute(kDeleteAll, {import_id});
  if (columns.empty()) return;
  BulkInsert insert(transaction.connection(), "import_columns",
                    {{"import_id", Native::integer},
                     {"column_no", Native::integer},
                     {"cells", Native::integer},
                     {"nulls", Native::integer},
                     {"least", Native::text},
                     {"greatest", Native::text},
                     {"sketch", Native::text}});
  for (std::size_t i = 0; i < columns.size(); ++i) {
    insert.add(static_cast<std::int64_t>(import_id));
    insert.add(static_cast<std::int64_t>(i));
    insert.add(static_cast<std::int64_t>(columns[i].cells));
    insert.add(static_cast<std::int64_t>(columns[i].nulls));
    add_text(insert, columns[i].least);
    add_text(insert, columns[i].greatest);
    insert.add(std::string_view(columns[i].distinct.encoded()));
    insert.end_row();
  }
  insert.flush();
}

std::vector<ColumnStats> column_stats(Connection& connection, std::span<const std::uint64_t> import_ids,
                                      std::span<const DatasetColumn> columns) {
  std::vector<ColumnStats> all(columns.size());
  for (const std::uint64_t import_id : import_ids) {
    for (const Row& row : connection.select(kRead, {import_id})) {
      const std::uint64_t column = row.u64(0);
      auto sketch = csv::DistinctSketch::decoded(row.text(5));
      if (column >= all.size() || !sketch) throw Error(Kind::internal, "import.columns", "column statistics");
      merge(all[column], {row.u64(1), row.u64(2), row.maybe_text(3), row.maybe_text(4), std::move(*sketch)},
            csv::is_text(columns[column].type.type));
    }
  }
  return all;
}

std::uint64_t delete_some_column_stats(Connection& connection, std::uint64_t import_id, std::uint32_t limit) {
  return connection.execute(kDeleteSome, {import_id, limit}).rows;
}

}  // namespace sluice::db
