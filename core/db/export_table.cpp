// SPDX-License-Identifier: MIT
#include "core/db/export_table.hpp"

#include "core/db/job_table.hpp"
#include "core/db/placeholders.hpp"

namespace sluice::db {
namespace {

constexpr const char* kInsert =
    "INSERT INTO exports(job_id, owner_id, dataset_id, request_json, request_sha256, imports_json) VALUES(?, "
    "?, ?, ?, ?, ?)";
constexpr const char* kSelect =
    "SELECT job_id, dataset_id, request_json, imports_json, part_epoch, part_bytes, part_crc, file, "
    "row_count, bytes, "
    "sha256, expires_at, COALESCE(expires_at <= UTC_TIMESTAMP(6), 0), deleted_at IS NOT NULL FROM exports "
    "WHERE job_id ";
// A request that is made each night for years has thousands of equals. (Else the optimizer walks all jobs.)
constexpr const char* kSame =
    "SELECT STRAIGHT_JOIN j.uid FROM (SELECT job_id FROM exports FORCE INDEX (by_request) WHERE owner_id = ? "
    "AND request_sha256 = ? AND job_id < ? ORDER BY job_id DESC LIMIT 5) e JOIN jobs j ON j.id = e.job_id "
    "WHERE j.state IN ('queued', 'running', 'paused') AND j.want <> 'cancel' ORDER BY e.job_id DESC LIMIT 1";
constexpr const char* kSetPart =
    "UPDATE exports SET part_epoch = ?, part_bytes = ?, part_crc = ? WHERE job_id = ?";
constexpr const char* kSources =
    "SELECT i.id, COALESCE(u.length, 0) FROM imports i LEFT JOIN uploads u ON u.id = i.upload_id "
    "WHERE i.dataset_id = ? AND i.published_at IS NOT NULL AND i.hidden_at IS NULL ORDER BY i.id";
constexpr const char* kSetImports = "UPDATE exports SET imports_json = ? WHERE job_id = ?";
constexpr const char* kFinish =
    "UPDATE exports SET file = ?, row_count = ?, bytes = ?, sha256 = ?, part_epoch = NULL, part_bytes = 0, "
    "part_crc = NULL, "
    "expires_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND, deleted_at = NULL WHERE job_id = ?";
constexpr const char* kForgetPart =
    "UPDATE exports SET part_epoch = NULL, part_bytes = 0, part_crc = NULL WHERE job_id = ?";
constexpr const char* kDelete =
    "UPDATE exports SET deleted_at = UTC_TIMESTAMP(6) WHERE job_id = ? AND deleted_at IS NULL";
constexpr const char* kExpired =
    "SELECT e.job_id, j.uid, j.epoch FROM exports e JOIN jobs j ON j.id = e.job_id WHERE e.expires_at <= "
    "UTC_TIMESTAMP(6) AND "
    "e.deleted_at IS NULL ORDER BY e.expires_at LIMIT ?";
constexpr const char* kPinned =
    "SELECT 1 FROM exports e JOIN jobs j ON j.id = e.job_id WHERE e.dataset_id = ? AND "
    "j.state IN ('queued', 'running', 'paused', 'failed') AND (? IS NULL OR JSON_CONTAINS(e.imports_json, "
    "?)) LIMIT 1";

Export export_of(const Row& row) {
  Export found;
  found.job_id = row.u64(0);
  found.dataset_id = row.u64(1);
  found.request = parse_stored_json(row.text(2));
  const Json imports = parse_stored_json(row.text(3));
  for (const Json& id : imports.items()) found.import_ids.push_back(id.u64());
  if (!row.is_null(4) && !row.is_null(6)) {
    found.part = ExportPart{row.u64(4), row.u64(5), static_cast<std::uint32_t>(row.u64(6))};
  }
  found.file = row.maybe_text(7);
  found.rows = row.maybe_u64(8);
  found.bytes = row.maybe_u64(9);
  found.sha256 = row.maybe_text(10);
  if (!row.is_null(11)) found.expires_at = rfc3339_of(row.text(11));
  found.expired = row.flag(12);
  found.deleted = row.flag(13);
  return found;
}

std::string imports_json(std::span<const std::uint64_t> import_ids) {
  Json imports = Json::array();
  for (const std::uint64_t id : import_ids) imports.push(id);
  return imports.text();
}

bool is_pinned(Connection& connection, std::uint64_t dataset_id, std::optional<std::string> import_id) {
  return connection.select_one(kPinned, {dataset_id, import_id, import_id}).has_value();
}

}  // namespace

ExportSources export_sources(Connection& connection, std::uint64_t dataset_id) {
  ExportSources sources;
  for (const Row& row : connection.select(kSources, {dataset_id})) {
    sources.import_ids.push_back(row.u64(0));
    sources.bytes += row.u64(1);
  }
  return sources;
}

void insert_export(Transaction& transaction, const Actor& actor, const NewExport& e) {
  const std::string request = e.request.text(), pinned = imports_json(e.import_ids);
  transaction.connection().execute(
      kInsert, {e.job_id, actor.owner_id, e.dataset_id, request, e.request_sha256, pinned});
}

std::optional<Export> find_export(Connection& connection, std::uint64_t job_id) {
  const auto row = connection.select_one(std::string(kSelect) + "= ?", {job_id});
  if (!row) return std::nullopt;
  return export_of(*row);
}

std::vector<Export> find_exports(Connection& connection, std::span<const std::uint64_t> job_ids) {
  std::vector<Export> found;
  if (job_ids.empty()) return found;
  const std::string sql = std::string(kSelect) + "IN " + placeholders(job_ids.size());
  const std::vector<Value> values(job_ids.begin(), job_ids.end());
  for (const Row& row : connection.select(sql, values)) found.push_back(export_of(row));
  return found;
}

std::optional<Uid> find_same_export(Connection& connection, const Actor& actor,
                                    std::string_view request_sha256, std::uint64_t before_job) {
  const auto row = connection.select_one(kSame, {actor.owner_id, request_sha256, before_job});
  if (!row) return std::nullopt;
  return row->uid(0);
}

void set_export_part(Transaction& transaction, std::uint64_t job_id, const ExportPart& part) {
  transaction.connection().execute(kSetPart, {part.epoch, part.bytes, part.crc, job_id});
}

void finish_export(Transaction& transaction, std::uint64_t job_id, const FinishedExport& finished,
                   std::chrono::seconds kept_for) {
  transaction.connection().execute(
      kFinish, {finished.file, finished.rows, finished.bytes, finished.sha256, kept_for.count(), job_id});
}

void set_export_imports(Transaction& transaction, std::uint64_t job_id,
                        std::span<const std::uint64_t> import_ids) {
  const std::string pinned = imports_json(import_ids);
  transaction.connection().execute(kSetImports, {pinned, job_id});
}

void forget_export_part(Connection& connection, std::uint64_t job_id) {
  connection.execute(kForgetPart, {job_id});
}

bool mark_export_deleted(Connection& connection, std::uint64_t job_id) {
  return connection.execute(kDelete, {job_id}).rows == 1;
}

std::vector<ExpiredExport> expired_exports(Connection& connection, std::uint32_t limit) {
  std::vector<ExpiredExport> expired;
  for (const Row& row : connection.select(kExpired, {limit}))
    expired.push_back({row.u64(0), row.uid(1), row.u64(2)});
  return expired;
}

bool import_is_pinned(Connection& connection, std::uint64_t dataset_id, std::uint64_t import_id) {
  return is_pinned(connection, dataset_id, std::to_string(import_id));
}

bool dataset_is_pinned(Connection& connection, std::uint64_t dataset_id) {
  return is_pinned(connection, dataset_id, std::nullopt);
}

}  // namespace sluice::db
