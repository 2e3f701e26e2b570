// SPDX-License-Identifier: MIT
// The tables ds_<id>: how a column is stored, and what is done with a whole import's rows.
#include "core/db/dataset_storage.hpp"

namespace sluice::db {
namespace {

/// All VARCHARs of a row together may have 65,535 bytes; the rest is for the other columns.
constexpr std::uint64_t kVarcharBytes = 48000;
constexpr std::uint64_t kTextBytes = 65535;
constexpr std::uint64_t kBytesOfCharacter = 4;

bool varchars_fit(const std::vector<DatasetColumn>& columns) {
  std::uint64_t bytes = 0;
  for (const DatasetColumn& column : columns)
    if (column.type.type == csv::Type::varchar) bytes += column.type.length * kBytesOfCharacter + 2;
  return bytes <= kVarcharBytes;
}

std::string sql_type(const csv::ColumnType& type, bool varchar_as_text) {
  const auto with = [](const char* name, unsigned n) { return std::string(name) + "(" + std::to_string(n) + ")"; };
  switch (type.type) {
    case csv::Type::boolean: return "TINYINT";
    case csv::Type::integer: return "INT";
    case csv::Type::bigint: return "BIGINT";
    case csv::Type::decimal: return "DECIMAL(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
    case csv::Type::real: return "DOUBLE";
    case csv::Type::date: return "DATE";
    case csv::Type::datetime: return with("DATETIME", type.fraction);
    case csv::Type::time: return with("TIME", type.fraction);
    case csv::Type::varchar:
      if (!varchar_as_text) return with("VARCHAR", type.length);
      return type.length * kBytesOfCharacter <= kTextBytes ? "TEXT" : "LONGTEXT";
    case csv::Type::text: return "TEXT";
    case csv::Type::longtext: return "LONGTEXT";
  }
  return "LONGTEXT";
}

BulkInsert::Native native_of(csv::Type type) {
  switch (type) {
    case csv::Type::boolean:
    case csv::Type::integer:
    case csv::Type::bigint: return BulkInsert::Native::integer;
    case csv::Type::real: return BulkInsert::Native::real;
    case csv::Type::date: return BulkInsert::Native::date;
    case csv::Type::datetime: return BulkInsert::Native::datetime;
    case csv::Type::time: return BulkInsert::Native::time;
    default: return BulkInsert::Native::text;
  }
}

}  // namespace

std::string column_identifier(std::size_t index) { return "c" + std::to_string(index + 1); }

std::vector<std::uint32_t> stored_columns(const Dataset& dataset) {
  std::vector<std::uint32_t> stored;
  for (std::uint32_t i = 0; i < dataset.columns.size(); ++i)
    if (dataset.layout == csv::Layout::columns || dataset.columns[i].is_date()) stored.push_back(i);
  return stored;
}

std::string rows_table(std::string_view data_database, std::uint64_t dataset_id) {
  return quote_identifier(data_database) + "." + quote_identifier("ds_" + std::to_string(dataset_id));
}

void create_rows_table(Connection& connection, std::string_view data_database, const Dataset& dataset) {
  const bool varchar_as_text = !varchars_fit(dataset.columns);
  std::string sql = "CREATE TABLE IF NOT EXISTS " + rows_table(data_database, dataset.id) +
                    "(import_id BIGINT UNSIGNED NOT NULL, row_no BIGINT UNSIGNED NOT NULL, ";
  for (const std::uint32_t i : stored_columns(dataset))
    sql += column_identifier(i) + " " + sql_type(dataset.columns[i].type, varchar_as_text) + " NULL, ";
  if (dataset.layout == csv::Layout::packed) sql += "record LONGTEXT NOT NULL, ";
  sql += "PRIMARY KEY(import_id, row_no)) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";
  connection.run(sql);
}

void drop_rows_table(Connection& connection, std::string_view data_database, std::uint64_t dataset_id) {
  connection.run("DROP TABLE IF EXISTS " + rows_table(data_database, dataset_id));
}

std::uint64_t count_rows(Connection& connection, std::string_view data_database, std::uint64_t dataset_id,
                         std::uint64_t import_id, std::uint64_t first, std::uint64_t last) {
  return connection
      .select_one("SELECT COUNT(*) FROM " + rows_table(data_database, dataset_id) +
                      " WHERE import_id = ? AND row_no BETWEEN ? AND ?",
                  {import_id, first, last})
      ->u64(0);
}

std::uint64_t delete_some_rows(Connection& connection, std::string_view data_database, std::uint64_t dataset_id,
                               std::uint64_t import_id, std::uint32_t limit) {
  return connection
      .execute("DELETE FROM " + rows_table(data_database, dataset_id) + " WHERE import_id = ? ORDER BY row_no LIMIT ?",
               {import_id, limit})
      .rows;
}

bool rows_table_exists(Connection& connection, std::string_view data_database, std::uint64_t dataset_id) {
  return connection
             .select_one("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
                         {data_database, "ds_" + std::to_string(dataset_id)})
             ->u64(0) != 0;
}

std::vector<BulkInsert::Column> row_insert_columns(const Dataset& dataset) {
  std::vector<BulkInsert::Column> columns{{"import_id", BulkInsert::Native::integer}, {"row_no", BulkInsert::Native::integer}};
  for (const std::uint32_t i : stored_columns(dataset))
    columns.push_back({column_identifier(i), native_of(dataset.columns[i].type.type)});
  if (dataset.layout == csv::Layout::packed) columns.push_back({"record", BulkInsert::Native::text});
  return columns;
}

}  // namespace sluice::db
