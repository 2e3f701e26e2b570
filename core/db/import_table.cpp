// SPDX-License-Identifier: MIT
#include "core/db/import_table.hpp"

#include "core/base/error.hpp"

namespace sluice::db {
namespace {

constexpr const char* kInsert =
    "INSERT INTO imports(uid, owner_id, job_id, run_no, upload_id, replaces_import_id, options, created_at) "
    "VALUES(?, ?, ?, 1, ?, ?, ?, UTC_TIMESTAMP(6))";
constexpr const char* kInsertRun =
    "INSERT INTO imports(uid, owner_id, job_id, run_no, upload_id, replaces_import_id, options, created_at) "
    "SELECT ?, owner_id, job_id, ?, upload_id, replaces_import_id, options, UTC_TIMESTAMP(6) FROM imports "
    "WHERE job_id = ? ORDER BY run_no DESC LIMIT 1";
constexpr std::string_view kSelect =
    "SELECT i.id, i.uid, i.owner_id, i.job_id, i.run_no, i.upload_id, i.dataset_id, i.replaces_import_id, "
    "i.options, "
    "i.dialect_json, i.columns_json, i.notices_json, i.has_header, i.records, i.loaded, i.rejected, "
    "i.skipped, "
    "i.repaired, i.created_at, i.published_at, i.hidden_at, u.uid, u.filename "
    "FROM imports i JOIN uploads u ON u.id = i.upload_id ";
constexpr const char* kFindings =
    "UPDATE imports SET dialect_json = ?, columns_json = ?, notices_json = ?, has_header = ?, "
    "records = ?, skipped = ?, repaired = ? WHERE id = ?";
constexpr const char* kCounts =
    "UPDATE imports SET loaded = ?, rejected = ?, skipped = ?, repaired = ? WHERE id = ?";
constexpr const char* kPublish =
    "UPDATE imports SET published_at = UTC_TIMESTAMP(6) WHERE id = ? AND hidden_at IS NULL";
constexpr const char* kHide =
    "UPDATE imports SET hidden_at = UTC_TIMESTAMP(6) WHERE id = ? AND hidden_at IS NULL";
constexpr const char* kHideAll =
    "UPDATE imports SET hidden_at = UTC_TIMESTAMP(6) WHERE dataset_id = ? AND hidden_at IS NULL";
constexpr const char* kVisible = "i.published_at IS NOT NULL AND i.hidden_at IS NULL";

std::string select_where(std::string_view condition) {
  return std::string(kSelect) + "WHERE " + std::string(condition);
}

std::optional<Json> maybe_json(const Row& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return parse_stored_json(row.text(column));
}

Import import_from(const Row& row) {
  Import import;
  import.id = row.u64(0);
  import.uid = row.uid(1);
  import.owner_id = row.u64(2);
  import.job_id = row.u64(3);
  import.run_no = static_cast<int>(row.i64(4));
  import.upload_id = row.u64(5);
  import.dataset_id = row.maybe_u64(6);
  import.replaces_import_id = row.maybe_u64(7);
  import.options = parse_stored_json(row.text(8));
  import.dialect = maybe_json(row, 9);
  import.columns = maybe_json(row, 10);
  import.notices = maybe_json(row, 11);
  if (!row.is_null(12)) import.has_header = row.flag(12);
  import.records = row.u64(13);
  import.loaded = row.u64(14);
  import.rejected = row.u64(15);
  import.skipped = row.u64(16);
  import.repaired = row.u64(17);
  import.created_at = row.text(18);
  import.published_at = row.maybe_text(19);
  import.hidden_at = row.maybe_text(20);
  import.upload_uid = row.uid(21);
  import.filename = row.maybe_text(22);
  return import;
}

std::vector<Import> imports_from(const Rows& rows) {
  std::vector<Import> imports;
  imports.reserve(rows.size());
  for (const Row& row : rows) imports.push_back(import_from(row));
  return imports;
}

std::optional<Import> first(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return import_from(rows.front());
}

void require_one(const Effect& effect, const char* what) {
  if (effect.rows != 1)
    throw Error(Kind::internal, "import.row", std::string(what) + " did not hit one import");
}

}  // namespace

ImportRef insert_import(Transaction& transaction, const Actor& actor, const JobRef& job,
                        std::uint64_t upload_id, const Json& options, std::optional<std::uint64_t> replaces) {
  ImportRef ref{0, Uid::random()};
  ref.id = transaction.connection()
               .execute(kInsert, {ref.uid, actor.owner_id, job.id, upload_id, replaces, options.text()})
               .insert_id;
  return ref;
}

ImportRef insert_import_run(Transaction& transaction, std::uint64_t job_id, int run_no) {
  ImportRef ref{0, Uid::random()};
  const Effect effect = transaction.connection().execute(kInsertRun, {ref.uid, run_no, job_id});
  require_one(effect, "another run");
  ref.id = effect.insert_id;
  return ref;
}

std::optional<Import> find_import_of_run(Connection& connection, std::uint64_t job_id, int run_no) {
  return first(connection.select(select_where("i.job_id = ? AND i.run_no = ?"), {job_id, run_no}));
}

std::optional<Import> find_import_of_job(Connection& connection, std::uint64_t job_id) {
  return first(connection.select(select_where("i.job_id = ? ORDER BY i.run_no DESC LIMIT 1"), {job_id}));
}

std::optional<Import> find_import(Connection& connection, std::uint64_t id) {
  return first(connection.select(select_where("i.id = ?"), {id}));
}

std::vector<std::uint64_t> import_ids_of_dataset(Connection& connection, std::uint64_t dataset_id) {
  std::vector<std::uint64_t> ids;
  for (const Row& row :
       connection.select("SELECT id FROM imports WHERE dataset_id = ? ORDER BY id", {dataset_id}))
    ids.push_back(row.u64(0));
  return ids;
}

std::vector<Import> imports_of_job(Connection& connection, std::uint64_t job_id) {
  return imports_from(connection.select(select_where("i.job_id = ? ORDER BY i.run_no"), {job_id}));
}

std::vector<Import> imports_of_upload(Connection& connection, const Actor& actor, std::uint64_t upload_id) {
  return imports_from(connection.select(select_where("i.upload_id = ? AND i.owner_id = ? ORDER BY i.id DESC"),
                                        {upload_id, actor.owner_id}));
}

std::vector<Import> published_imports(Connection& connection, std::uint64_t dataset_id) {
  return imports_from(connection.select(
      select_where(std::string("i.dataset_id = ? AND ") + kVisible + " ORDER BY i.id"), {dataset_id}));
}

std::vector<std::uint64_t> published_import_ids(Connection& connection, std::uint64_t dataset_id) {
  const Rows rows = connection.select(
      std::string("SELECT i.id FROM imports i WHERE i.dataset_id = ? AND ") + kVisible + " ORDER BY i.id",
      {dataset_id});
  std::vector<std::uint64_t> ids;
  ids.reserve(rows.size());
  for (const Row& row : rows) ids.push_back(row.u64(0));
  return ids;
}

std::optional<Import> find_published_import(Connection& connection, const Actor& actor,
                                            std::uint64_t dataset_id, const Uid& uid) {
  return first(connection.select(
      select_where(std::string("i.uid = ? AND i.dataset_id = ? AND i.owner_id = ? AND ") + kVisible),
      {uid, dataset_id, actor.owner_id}));
}

void record_findings(Transaction& transaction, std::uint64_t import_id, const ImportFindings& findings) {
  require_one(
      transaction.connection().execute(
          kFindings, {findings.dialect.text(), findings.columns.text(), findings.notices.text(),
                      findings.has_header, findings.records, findings.skipped, findings.repaired, import_id}),
      "findings");
}

void set_import_dataset(Transaction& transaction, std::uint64_t import_id, std::uint64_t dataset_id) {
  require_one(transaction.connection().execute("UPDATE imports SET dataset_id = ? WHERE id = ?",
                                               {dataset_id, import_id}),
              "the dataset");
}

void record_counts(Transaction& transaction, std::uint64_t import_id, std::uint64_t loaded,
                   std::uint64_t rejected, std::uint64_t skipped, std::uint64_t repaired) {
  require_one(transaction.connection().execute(kCounts, {loaded, rejected, skipped, repaired, import_id}),
              "counts");
}

void set_import_options(Transaction& transaction, std::uint64_t import_id, const Json& options) {
  require_one(transaction.connection().execute("UPDATE imports SET options = ? WHERE id = ?",
                                               {options.text(), import_id}),
              "options");
}

void publish_import(Transaction& transaction, std::uint64_t import_id) {
  require_one(transaction.connection().execute(kPublish, {import_id}), "publication");
}

bool hide_import(Transaction& transaction, std::uint64_t import_id) {
  return transaction.connection().execute(kHide, {import_id}).rows == 1;
}

void hide_imports_of_dataset(Transaction& transaction, std::uint64_t dataset_id) {
  transaction.connection().execute(kHideAll, {dataset_id});
}

}  // namespace sluice::db
