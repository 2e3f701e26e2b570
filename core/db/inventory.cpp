// SPDX-License-Identifier: MIT
#include "core/db/inventory.hpp"

#include "core/db/mariadb.hpp"

namespace sluice::db {
namespace {

constexpr const char* kUploads =
    "SELECT uid, length, sha256 FROM uploads WHERE state = 'complete' AND assembled_at IS NOT NULL ORDER BY "
    "id";
constexpr const char* kExports =
    "SELECT j.uid, e.file, e.bytes, e.sha256 FROM exports e JOIN jobs j ON j.id = e.job_id "
    "WHERE j.state = 'succeeded' AND e.file IS NOT NULL AND e.deleted_at IS NULL "
    "AND (e.expires_at IS NULL OR e.expires_at > UTC_TIMESTAMP(6)) ORDER BY e.job_id";
constexpr const char* kPieces = "SELECT file, length FROM upload_pieces ORDER BY upload_id, start_offset";
constexpr const char* kImports =
    "SELECT i.uid, i.id, i.dataset_id, i.loaded FROM imports i JOIN datasets d ON d.id = i.dataset_id "
    "WHERE i.published_at IS NOT NULL AND i.hidden_at IS NULL AND d.deleted_at IS NULL ORDER BY i.id";
constexpr const char* kContradictions =
    "SELECT 'running without a holder', uid FROM jobs WHERE state = 'running' AND runner_id IS NULL "
    "UNION ALL SELECT 'queued without a ring owed', uid FROM jobs WHERE state = 'queued' AND bell_at IS NULL "
    "UNION ALL SELECT 'ended without a time', uid FROM jobs WHERE state IN ('succeeded', 'failed', "
    "'cancelled') AND finished_at IS NULL "
    "UNION ALL SELECT 'succeeded, but its import is not published', j.uid FROM jobs j JOIN imports i ON "
    "i.job_id = j.id AND i.run_no = j.run_no "
    "  WHERE j.kind = 'import' AND j.state = 'succeeded' AND i.published_at IS NULL "
    "UNION ALL SELECT 'published, but its job did not succeed', j.uid FROM jobs j JOIN imports i ON i.job_id "
    "= j.id "
    "  WHERE i.published_at IS NOT NULL AND i.run_no = j.run_no AND j.state <> 'succeeded'";

PromisedFile file_of(const Row& row, std::size_t name, std::size_t bytes, std::size_t sha256) {
  PromisedFile file;
  file.owner = row.uid(0);
  if (name != 0) file.name = row.text(name);
  file.bytes = row.maybe_u64(bytes);
  file.sha256 = row.maybe_text(sha256);
  return file;
}

}  // namespace

std::vector<PromisedFile> assembled_uploads(Connection& connection) {
  std::vector<PromisedFile> files;
  for (const Row& row : connection.select(kUploads)) files.push_back(file_of(row, 0, 1, 2));
  return files;
}

std::vector<PromisedFile> finished_exports(Connection& connection) {
  std::vector<PromisedFile> files;
  for (const Row& row : connection.select(kExports)) files.push_back(file_of(row, 1, 2, 3));
  return files;
}

std::vector<PromisedPiece> stored_pieces(Connection& connection) {
  std::vector<PromisedPiece> pieces;
  for (const Row& row : connection.select(kPieces)) pieces.push_back({row.text(0), row.u64(1)});
  return pieces;
}

std::vector<PromisedRows> published_imports(Connection& connection) {
  std::vector<PromisedRows> all;
  for (const Row& row : connection.select(kImports))
    all.push_back({row.uid(0), row.u64(1), row.u64(2), row.u64(3)});
  return all;
}

std::optional<std::uint64_t> count_rows(Connection& connection, const std::string& data_database,
                                        const PromisedRows& rows) {
  const std::string table =
      quote_identifier(data_database) + "." + quote_identifier("ds_" + std::to_string(rows.dataset_id));
  try {
    return connection.select_one("SELECT COUNT(*) FROM " + table + " WHERE import_id = ?", {rows.import_id})
        ->u64(0);
  } catch (const DatabaseError& error) {
    if (error.number() == ER_NO_SUCH_TABLE) return std::nullopt;
    throw;
  }
}

std::vector<Contradiction> contradictory_jobs(Connection& connection) {
  std::vector<Contradiction> all;
  for (const Row& row : connection.select(kContradictions)) all.push_back({row.text(0), row.uid(1)});
  return all;
}

}  // namespace sluice::db
