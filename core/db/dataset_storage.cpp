// SPDX-License-Identifier: MIT
// The tables ds_<id>: how a column is stored, and what is done with a whole import's rows.
#include "core/db/dataset_storage.hpp"

#include <map>

#include "core/base/error.hpp"

namespace sluice::db {
namespace {

/// All VARCHARs of a row together may have 65,535 bytes; the rest is for the other columns.
constexpr std::uint64_t kVarcharBytes = 48000;
constexpr std::uint64_t kTextBytes = 65535;
constexpr std::uint64_t kBytesOfCharacter = 4;

constexpr const char* kTextColumns =
    "SELECT column_name, CASE data_type WHEN 'varchar' THEN character_maximum_length WHEN 'text' THEN 16383 "
    "ELSE "
    "4294967295 END FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND data_type "
    "IN "
    "('varchar', 'text', 'longtext')";
constexpr const char* kLockTable = "SELECT GET_LOCK(?, 30)";
constexpr const char* kUnlockTable = "SELECT RELEASE_LOCK(?)";

/// Characters that surely fit.
std::uint64_t capacity(const csv::ColumnType& type) {
  if (type.type == csv::Type::varchar) return type.length;
  return type.type == csv::Type::text ? kTextBytes / kBytesOfCharacter : UINT32_MAX;
}

bool varchars_fit(const std::vector<DatasetColumn>& columns) {
  std::uint64_t bytes = 0;
  for (const DatasetColumn& column : columns)
    if (column.type.type == csv::Type::varchar) bytes += column.type.length * kBytesOfCharacter + 2;
  return bytes <= kVarcharBytes;
}

std::string sql_type(const csv::ColumnType& type, bool varchar_as_text) {
  const auto with = [](const char* name, unsigned n) {
    return std::string(name) + "(" + std::to_string(n) + ")";
  };
  switch (type.type) {
    case csv::Type::boolean:
      return "TINYINT";
    case csv::Type::integer:
      return "INT";
    case csv::Type::bigint:
      return "BIGINT";
    case csv::Type::decimal:
      return "DECIMAL(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
    case csv::Type::real:
      return "DOUBLE";
    case csv::Type::date:
      return "DATE";
    case csv::Type::datetime:
      return with("DATETIME", type.fraction);
    case csv::Type::time:
      return with("TIME", type.fraction);
    case csv::Type::varchar:
      if (!varchar_as_text) return with("VARCHAR", type.length);
      return type.length * kBytesOfCharacter <= kTextBytes ? "TEXT" : "LONGTEXT";
    case csv::Type::text:
      return "TEXT";
    case csv::Type::longtext:
      return "LONGTEXT";
  }
  return "LONGTEXT";
}

BulkInsert::Native native_of(csv::Type type) {
  switch (type) {
    case csv::Type::boolean:
    case csv::Type::integer:
    case csv::Type::bigint:
      return BulkInsert::Native::integer;
    case csv::Type::real:
      return BulkInsert::Native::real;
    case csv::Type::date:
      return BulkInsert::Native::date;
    case csv::Type::datetime:
      return BulkInsert::Native::datetime;
    case csv::Type::time:
      return BulkInsert::Native::time;
    default:
      return BulkInsert::Native::text;
  }
}

}  // namespace

std::string column_identifier(std::size_t index) {
  return "c" + std::to_string(index + 1);
}

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
  sql +=
      "PRIMARY KEY(import_id, row_no)) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 "
      "COLLATE=utf8mb4_bin";
  connection.run(sql);
}

void widen_rows_table(Connection& connection, std::string_view data_database, std::uint64_t dataset_id) {
  // Two imports may widen it at once: each takes the lock and then goes by what is written in `datasets`.
  const std::string lock = "sluice.widen." + std::to_string(dataset_id);
  if (const auto got = connection.select_one(kLockTable, {lock}); got->is_null(0) || !got->flag(0))
    throw Error(Kind::unavailable, "db.conflict",
                "another import widens dataset " + std::to_string(dataset_id));
  const auto dataset = load_dataset(connection, dataset_id);
  std::map<std::string, std::uint64_t> widths;
  for (const Row& row : connection.select(kTextColumns, {data_database, "ds_" + std::to_string(dataset_id)}))
    widths[row.text(0)] = row.u64(1);
  std::string changes;
  if (dataset && dataset->layout == csv::Layout::columns) {
    const bool varchar_as_text = !varchars_fit(dataset->columns);
    for (std::uint32_t i = 0; i < dataset->columns.size(); ++i) {
      const csv::ColumnType& type = dataset->columns[i].type;
      const auto width = widths.find(column_identifier(i));
      if (!csv::is_text(type.type) || width == widths.end() || width->second >= capacity(type)) continue;
      changes += (changes.empty() ? " MODIFY " : ", MODIFY ") + column_identifier(i) + " " +
                 sql_type(type, varchar_as_text) + " NULL";
    }
  }
  if (!changes.empty())
    connection.run("SET STATEMENT lock_wait_timeout = 5 FOR ALTER TABLE " +
                   rows_table(data_database, dataset_id) + changes);
  connection.select_one(kUnlockTable, {lock});
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

std::uint64_t delete_some_rows(Connection& connection, std::string_view data_database,
                               std::uint64_t dataset_id, std::uint64_t import_id, std::uint32_t limit) {
  return connection
      .execute("DELETE FROM " + rows_table(data_database, dataset_id) +
                   " WHERE import_id = ? ORDER BY row_no LIMIT ?",
               {import_id, limit})
      .rows;
}

bool rows_table_exists(Connection& connection, std::string_view data_database, std::uint64_t dataset_id) {
  return connection
             .select_one(
                 "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
                 {data_database, "ds_" + std::to_string(dataset_id)})
             ->u64(0) != 0;
}

std::vector<BulkInsert::Column> row_insert_columns(const Dataset& dataset, std::uint64_t import_id) {
  std::vector<BulkInsert::Column> columns{{"import_id", BulkInsert::Native::integer, import_id},
                                          {"row_no", BulkInsert::Native::integer}};
  for (const std::uint32_t i : stored_columns(dataset))
    columns.push_back({column_identifier(i), native_of(dataset.columns[i].type.type)});
  if (dataset.layout == csv::Layout::packed) columns.push_back({"record", BulkInsert::Native::text});
  return columns;
}

}  // namespace sluice::db
