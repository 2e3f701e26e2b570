// SPDX-License-Identifier: MIT
// Table `datasets`: name, columns, layout. Their rows lie in tables ds_<id> (dataset_storage.hpp).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/actor.hpp"
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "core/csv/column_type.hpp"
#include "core/csv/layout.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

struct DatasetColumn {
  std::string original_name;  ///< as the file has it; "" for a headerless file
  std::string name;           ///< as people see it, unique in its dataset
  csv::ColumnType type;
  csv::DateOrder order = csv::DateOrder::none;
  std::optional<std::int64_t> least,
      greatest;  ///< of a date column, over what is published: csv::to_microseconds
  bool is_date() const { return csv::is_date(type.type); }
};

/// datasets.columns_json.
Json to_json(std::span<const DatasetColumn> columns);
std::vector<DatasetColumn> dataset_columns_from(const Json& json);

struct Dataset {
  std::uint64_t id = 0;
  Uid uid;
  std::uint64_t owner_id = 0;
  std::string name;
  csv::Layout layout = csv::Layout::columns;
  std::vector<DatasetColumn> columns;
  bool has_header = true;
  std::uint64_t row_count = 0;  ///< of published imports
  std::optional<std::uint64_t> created_by_job;
  std::string created_at;                   ///< "2017-03-01 12:00:00.000000", UTC
  std::optional<std::string> published_at;  ///< nothing until its first import is published

  /// Index of the column with this shown name (exact, else without case), if there is one.
  std::optional<std::uint32_t> column_index(std::string_view column_name) const;
};

// For people: published and not deleted, the actor's own.
std::optional<Dataset> find_dataset(Connection& connection, const Actor& actor, const Uid& uid);
/// By its uid's text or its name (case-blind).
std::optional<Dataset> find_dataset(Connection& connection, const Actor& actor, std::string_view uid_or_name);
/// The same, and until the commit it is not deleted and none of its imports is published or undone.
std::optional<Dataset> hold_dataset(Transaction& transaction, const Actor& actor,
                                    std::string_view uid_or_name);
/// Newest first; `before_id`: those with smaller ids.
std::vector<Dataset> list_datasets(Connection& connection, const Actor& actor, std::uint32_t limit,
                                   std::optional<std::uint64_t> before_id = {});

/// For jobs: whatever its state, unless it is deleted.
std::optional<Dataset> load_dataset(Connection& connection, std::uint64_t id);
/// For exports that began before it was deleted: its pinned rows are still there.
std::optional<Dataset> load_dataset_even_deleted(Connection& connection, std::uint64_t id);
/// Like load_dataset(), and its row is locked until the transaction ends.
std::optional<Dataset> lock_dataset(Transaction& transaction, std::uint64_t id);

struct NewDataset {
  std::string name;  ///< wished for; `name-2`, `name-3` … when it is taken
  csv::Layout layout = csv::Layout::columns;
  std::vector<DatasetColumn> columns;
  bool has_header = true;
  std::uint64_t created_by_job = 0;
};
/// Its name may be taken by somebody else in between: Error conflict `db.duplicate`, repeat the transaction.
std::uint64_t insert_dataset(Transaction& transaction, const Actor& actor, const NewDataset& dataset);

/// Other types or names of its columns (a text column that became wider).
void set_dataset_columns(Transaction& transaction, std::uint64_t id, std::span<const DatasetColumn> columns);
/// "Load again" with other columns: `id` takes name and uid of `replaced`, which is deleted.
void take_place_of(Transaction& transaction, std::uint64_t id, std::uint64_t replaced);
/// After imports of it were published or hidden: published_at, and row_count and the columns' ranges from
/// those that are visible now.
void refresh_dataset(Transaction& transaction, std::uint64_t id);
/// Invisible at once, its name free again; the sweep drops the table. Its imports are hidden too.
void delete_dataset(Transaction& transaction, std::uint64_t id);
/// Removes the row of a dataset that was never published. False: it was (or there is none).
bool remove_unpublished_dataset(Transaction& transaction, std::uint64_t id);
/// Ids of deleted datasets, for the sweep.
std::vector<std::uint64_t> deleted_datasets(Connection& connection, std::uint32_t limit);
/// Removes the row of a deleted dataset, after its table and its imports' leavings.
void remove_deleted_dataset(Connection& connection, std::uint64_t id);

}  // namespace sluice::db
