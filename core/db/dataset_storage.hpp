// SPDX-License-Identifier: MIT
// The tables ds_<id> that hold the rows of datasets: PRIMARY KEY (import_id, row_no), columns c1…cN (layout
// `columns`), or c<N> for date columns only and `record` with the whole record as csv::pack_record writes it
// (layout `packed`). `data_database` is Config::data_database(). DDL commits by itself: call it outside of
// transactions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/bulk_insert.hpp"
#include "core/db/connection.hpp"
#include "core/db/dataset_table.hpp"

namespace sluice::db {

/// Quoted, with its database.
std::string rows_table(std::string_view data_database, std::uint64_t dataset_id);
/// "c1" for index 0.
std::string column_identifier(std::size_t index);
/// Indexes of the columns that have a column of their own in the table: all, or the date columns.
std::vector<std::uint32_t> stored_columns(const Dataset& dataset);

/// Does nothing when it exists.
void create_rows_table(Connection& connection, std::string_view data_database, const Dataset& dataset);
/// After text columns became wider: the table's follow. Does nothing when they are wide enough. Waits a few
/// seconds at most for transactions on the table, then Error unavailable `db.conflict`.
void widen_rows_table(Connection& connection, std::string_view data_database, std::uint64_t dataset_id);
void drop_rows_table(Connection& connection, std::string_view data_database, std::uint64_t dataset_id);
bool rows_table_exists(Connection& connection, std::string_view data_database, std::uint64_t dataset_id);
/// Rows of an import with row_no in [first, last].
std::uint64_t count_rows(Connection& connection, std::string_view data_database, std::uint64_t dataset_id,
                         std::uint64_t import_id, std::uint64_t first, std::uint64_t last);
/// Deletes at most `limit` rows of an import; how many there were.
std::uint64_t delete_some_rows(Connection& connection, std::string_view data_database,
                               std::uint64_t dataset_id, std::uint64_t import_id, std::uint32_t limit);

/// For a BulkInsert into it of rows of one import: the cells are row_no, stored_columns(), and in the packed
/// layout `record`.
std::vector<BulkInsert::Column> row_insert_columns(const Dataset& dataset, std::uint64_t import_id);

}  // namespace sluice::db
