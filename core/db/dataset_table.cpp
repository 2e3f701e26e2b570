// SPDX-License-Identifier: MIT
#include "core/db/dataset_table.hpp"

#include <algorithm>
#include <set>

#include "core/base/error.hpp"
#include "core/base/fold.hpp"

namespace sluice::db {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, uid, owner_id, name, layout, columns_json, has_header, row_count, created_by_job, "
    "created_at, "
    "published_at FROM datasets WHERE ";
constexpr std::string_view kVisible = " AND owner_id = ? AND published_at IS NOT NULL AND deleted_at IS NULL";
constexpr const char* kInsert =
    "INSERT INTO datasets(uid, owner_id, name, name_key, layout, columns_json, has_header, created_by_job, "
    "created_at) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))";
// `-` is 0x2D, `.` the next character: all keys that begin with "<key>-".
constexpr const char* kTakenNames =
    "SELECT name_key FROM datasets WHERE owner_id = ? AND (name_key = ? OR (name_key >= ? AND name_key < ?))";
constexpr const char* kRefresh =
    "UPDATE datasets SET published_at = COALESCE(published_at, UTC_TIMESTAMP(6)), columns_json = ?, "
    "row_count = "
    "(SELECT COALESCE(SUM(loaded), 0) FROM imports WHERE dataset_id = ? AND published_at IS NOT NULL AND "
    "hidden_at IS "
    "NULL) WHERE id = ?";
constexpr const char* kImportColumns =
    "SELECT columns_json FROM imports WHERE dataset_id = ? AND published_at IS NOT NULL AND hidden_at IS "
    "NULL";
// The key of a deleted one begins with a NUL, which no name has: its name is free at once.
constexpr const char* kDelete =
    "UPDATE datasets SET deleted_at = UTC_TIMESTAMP(6), name_key = CONCAT(CHAR(0), id) WHERE id = ? AND "
    "deleted_at IS "
    "NULL";
constexpr const char* kColumns = "UPDATE datasets SET columns_json = ? WHERE id = ?";
constexpr const char* kRename = "UPDATE datasets SET uid = ?, name = ?, name_key = ? WHERE id = ?";
constexpr const char* kRenameUid = "UPDATE datasets SET uid = ? WHERE id = ?";
constexpr const char* kRemoveUnpublished = "DELETE FROM datasets WHERE id = ? AND published_at IS NULL";
constexpr const char* kDeleted =
    "SELECT id FROM datasets WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT ?";
constexpr const char* kRemoveDeleted = "DELETE FROM datasets WHERE id = ? AND deleted_at IS NOT NULL";

constexpr std::size_t kNameKeyBytes = 800;
constexpr std::size_t kNameCharacters = 200;
constexpr std::size_t kSuffixCharacters = 10;  // "-123456789"

std::string where(std::string_view condition) {
  return std::string(kSelect) + std::string(condition);
}

Dataset dataset_from(const Row& row) {
  Dataset dataset;
  dataset.id = row.u64(0);
  dataset.uid = row.uid(1);
  dataset.owner_id = row.u64(2);
  dataset.name = row.text(3);
  dataset.layout =
      row.text(4) == csv::to_string(csv::Layout::packed) ? csv::Layout::packed : csv::Layout::columns;
  dataset.columns = dataset_columns_from(parse_stored_json(row.text(5)));
  dataset.has_header = row.flag(6);
  dataset.row_count = row.u64(7);
  dataset.created_by_job = row.maybe_u64(8);
  dataset.created_at = row.text(9);
  dataset.published_at = row.maybe_text(10);
  return dataset;
}

std::optional<Dataset> first(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return dataset_from(rows.front());
}

csv::DateOrder date_order_from(std::string_view name) {
  for (const auto order : {csv::DateOrder::ymd, csv::DateOrder::dmy, csv::DateOrder::mdy,
                           csv::DateOrder::ambiguous, csv::DateOrder::contradictory})
    if (csv::to_string(order) == name) return order;
  return csv::DateOrder::none;
}

std::string shortened(std::string name, std::size_t characters) {
  const auto too_long = [&] {
    return count_characters(name) > characters ||
           name_key(name).size() > kNameKeyBytes - 4 * kSuffixCharacters;
  };
  while (too_long()) {
    do {
      name.pop_back();
    } while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xC0) == 0x80);
    if (!name.empty() && static_cast<unsigned char>(name.back()) >= 0xC0)
      name.pop_back();  // its lead byte alone
  }
  return name;
}

std::string free_name(Connection& connection, std::uint64_t owner_id, const std::string& wished) {
  const std::string clean = clean_name(wished).value_or("");
  const std::string name = clean.empty() ? "dataset" : shortened(clean, kNameCharacters - kSuffixCharacters);
  const std::string key = name_key(name);
  std::set<std::string> taken;
  for (const Row& row : connection.select(kTakenNames, {owner_id, key, key + "-", key + "."}))
    taken.insert(row.text(0));
  if (!taken.contains(key)) return name;
  for (std::uint64_t n = 2;; ++n) {
    const std::string candidate = name + "-" + std::to_string(n);
    if (!taken.contains(name_key(candidate))) return candidate;
  }
}

void widen(std::optional<std::int64_t>& least, std::optional<std::int64_t>& greatest,
           const DatasetColumn& other) {
  if (other.least && (!least || *other.least < *least)) least = other.least;
  if (other.greatest && (!greatest || *other.greatest > *greatest)) greatest = other.greatest;
}

}  // namespace

Json to_json(std::span<const DatasetColumn> columns) {
  Json list = Json::array();
  for (const DatasetColumn& column : columns) {
    Json item = Json::object(
        {{"original_name", column.original_name}, {"name", column.name}, {"type", csv::encode(column.type)}});
    if (column.order != csv::DateOrder::none) item.set("order", csv::to_string(column.order));
    if (column.least) item.set("least", *column.least);
    if (column.greatest) item.set("greatest", *column.greatest);
    list.push(std::move(item));
  }
  return list;
}

std::vector<DatasetColumn> dataset_columns_from(const Json& json) {
  std::vector<DatasetColumn> columns;
  columns.reserve(json.items().size());
  for (const Json& item : json.items()) {
    DatasetColumn column;
    column.original_name = item.at("original_name").string();
    column.name = item.at("name").string();
    const auto type = csv::decode_column_type(item.at("type").string());
    if (!type) throw Error(Kind::internal, "dataset.column", "no column type: " + item.at("type").string());
    column.type = *type;
    if (const Json* order = item.find("order")) column.order = date_order_from(order->string());
    if (const Json* least = item.find("least")) column.least = least->i64();
    if (const Json* greatest = item.find("greatest")) column.greatest = greatest->i64();
    columns.push_back(std::move(column));
  }
  return columns;
}

std::optional<std::uint32_t> Dataset::column_index(std::string_view column_name) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == column_name) return static_cast<std::uint32_t>(i);
  const std::string key = name_key(column_name);
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (name_key(columns[i].name) == key) return static_cast<std::uint32_t>(i);
  return std::nullopt;
}

namespace {

std::optional<Dataset> find_visible(Connection& connection, const Actor& actor, const char* condition,
                                    const Value& value, const char* lock) {
  return first(connection.select(where(condition) + std::string(kVisible) + lock, {value, actor.owner_id}));
}

std::optional<Dataset> find_visible(Connection& connection, const Actor& actor, std::string_view uid_or_name,
                                    const char* lock) {
  if (const auto uid = Uid::parse(uid_or_name))
    if (auto dataset = find_visible(connection, actor, "uid = ?", *uid, lock)) return dataset;
  return find_visible(connection, actor, "name_key = ?", name_key(uid_or_name), lock);
}

}  // namespace

std::optional<Dataset> find_dataset(Connection& connection, const Actor& actor, const Uid& uid) {
  return find_visible(connection, actor, "uid = ?", uid, "");
}

std::optional<Dataset> find_dataset(Connection& connection, const Actor& actor,
                                    std::string_view uid_or_name) {
  return find_visible(connection, actor, uid_or_name, "");
}

std::optional<Dataset> hold_dataset(Transaction& transaction, const Actor& actor,
                                    std::string_view uid_or_name) {
  return find_visible(transaction.connection(), actor, uid_or_name, " LOCK IN SHARE MODE");
}

std::vector<Dataset> list_datasets(Connection& connection, const Actor& actor, std::uint32_t limit,
                                   std::optional<std::uint64_t> before_id) {
  const Rows rows = connection.select(where("id < ?") + std::string(kVisible) + " ORDER BY id DESC LIMIT ?",
                                      {before_id.value_or(INT64_MAX), actor.owner_id, limit});
  std::vector<Dataset> datasets;
  for (const Row& row : rows) datasets.push_back(dataset_from(row));
  return datasets;
}

std::optional<Dataset> load_dataset(Connection& connection, std::uint64_t id) {
  return first(connection.select(where("id = ? AND deleted_at IS NULL"), {id}));
}

std::optional<Dataset> load_dataset_even_deleted(Connection& connection, std::uint64_t id) {
  return first(connection.select(where("id = ?"), {id}));
}

std::optional<Dataset> lock_dataset(Transaction& transaction, std::uint64_t id) {
  return first(transaction.connection().select(where("id = ? AND deleted_at IS NULL FOR UPDATE"), {id}));
}

std::uint64_t insert_dataset(Transaction& transaction, const Actor& actor, const NewDataset& dataset) {
  Connection& connection = transaction.connection();
  const std::string name = free_name(connection, actor.owner_id, dataset.name);
  return connection
      .execute(kInsert, {Uid::random(), actor.owner_id, name, name_key(name), csv::to_string(dataset.layout),
                         to_json(dataset.columns).text(), dataset.has_header, dataset.created_by_job})
      .insert_id;
}

void set_dataset_columns(Transaction& transaction, std::uint64_t id, std::span<const DatasetColumn> columns) {
  transaction.connection().execute(kColumns, {to_json(columns).text(), id});
}

void take_place_of(Transaction& transaction, std::uint64_t id, std::uint64_t replaced) {
  Connection& connection = transaction.connection();
  const auto old = lock_dataset(transaction, replaced);
  if (!old) return;  // deleted in the meantime: the new one keeps the name that it has
  delete_dataset(transaction, replaced);
  connection.execute(kRenameUid, {Uid::random(), replaced});
  connection.execute(kRename, {old->uid, old->name, name_key(old->name), id});
}

void refresh_dataset(Transaction& transaction, std::uint64_t id) {
  Connection& connection = transaction.connection();
  auto dataset = lock_dataset(transaction, id);
  if (!dataset) throw Error(Kind::gone, "dataset.gone", "dataset " + std::to_string(id) + " was deleted");
  for (DatasetColumn& column : dataset->columns) column.least = column.greatest = std::nullopt;
  const bool has_dates = std::any_of(dataset->columns.begin(), dataset->columns.end(),
                                     [](const auto& c) { return c.is_date(); });
  if (has_dates) {
    for (const Row& row : connection.select(kImportColumns, {id})) {
      const auto found = dataset_columns_from(parse_stored_json(row.text(0)));
      for (std::size_t i = 0; i < std::min(found.size(), dataset->columns.size()); ++i)
        if (dataset->columns[i].is_date())
          widen(dataset->columns[i].least, dataset->columns[i].greatest, found[i]);
    }
  }
  connection.execute(kRefresh, {to_json(dataset->columns).text(), id, id});
}

void delete_dataset(Transaction& transaction, std::uint64_t id) {
  transaction.connection().execute(kDelete, {id});
}

bool remove_unpublished_dataset(Transaction& transaction, std::uint64_t id) {
  return transaction.connection().execute(kRemoveUnpublished, {id}).rows == 1;
}

std::vector<std::uint64_t> deleted_datasets(Connection& connection, std::uint32_t limit) {
  std::vector<std::uint64_t> ids;
  for (const Row& row : connection.select(kDeleted, {limit})) ids.push_back(row.u64(0));
  return ids;
}

void remove_deleted_dataset(Connection& connection, std::uint64_t id) {
  connection.execute(kRemoveDeleted, {id});
}

}  // namespace sluice::db
