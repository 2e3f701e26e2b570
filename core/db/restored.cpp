// SPDX-License-Identifier: MIT
#include "core/db/restored.hpp"

#include <charconv>

#include "core/db/dataset_storage.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/import_table.hpp"
#include "core/db/owner_load_table.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {
namespace {

constexpr std::uint32_t kRowsAtOnce = 10'000;

constexpr const char* kTables =
    "SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_name LIKE 'ds\\_%' "
    "ORDER BY table_name";
constexpr const char* kUsed =
    "SELECT EXISTS(SELECT 1 FROM uploads) OR EXISTS(SELECT 1 FROM datasets) OR EXISTS(SELECT 1 FROM teams) "
    "OR "
    "EXISTS(SELECT 1 FROM members) OR EXISTS(SELECT 1 FROM jobs WHERE kind <> 'sweep')";

constexpr const char* kForgetRunners = "DELETE FROM runners";
// A cancel that was promised is kept, a pause is reached; everything else that ran waits for a runner.
constexpr const char* kLetGo =
    "UPDATE jobs SET cleanup_pending = cleanup_pending OR want = 'cancel', "
    "finished_at = IF(want = 'cancel', UTC_TIMESTAMP(6), finished_at), "
    "state = CASE want WHEN 'cancel' THEN 'cancelled' WHEN 'pause' THEN 'paused' ELSE 'queued' END, "
    "want = 'run', runner_id = NULL, connection_id = NULL, epoch = epoch + 1, bell_at = NULL "
    "WHERE state = 'running'";
#define FROM_ZERO                                                                                         \
  "j.run_no = j.run_no + 1, j.cursor_json = NULL, j.phase = NULL, j.records_done = 0, j.bytes_done = 0, " \
  "j.records_per_second = NULL, j.bytes_per_second = NULL"
constexpr const char* kImportsAnew =
    "UPDATE jobs j JOIN imports i ON i.job_id = j.id AND i.run_no = j.run_no SET " FROM_ZERO
    ", j.records_total = NULL, j.cleanup_pending = 1 WHERE j.kind = 'import' AND j.state IN ('queued', "
    "'paused', 'failed') "
    "AND i.dataset_id IS NOT NULL AND i.published_at IS NULL";
constexpr const char* kExportsAnew = "UPDATE jobs j JOIN exports e ON e.job_id = j.id SET " FROM_ZERO
                                     ", e.part_epoch = NULL, e.part_bytes = 0, e.part_crc = NULL "
                                     "WHERE j.kind = 'export' AND j.state IN ('queued', 'paused', 'failed')";
#undef FROM_ZERO
constexpr const char* kRing =
    "UPDATE jobs SET bell_at = UTC_TIMESTAMP(6), due_at = LEAST(due_at, UTC_TIMESTAMP(6)) WHERE state = "
    "'queued'";

constexpr const char* kDatasetIsThere = "SELECT 1 FROM datasets WHERE id = ?";
constexpr const char* kUploadGone =
    "UPDATE uploads SET state = 'gone', epoch = epoch + 1, reserved_bytes = 0 WHERE uid = ?";
constexpr const char* kExportGone =
    "UPDATE exports SET deleted_at = UTC_TIMESTAMP(6) WHERE job_id = (SELECT id FROM jobs WHERE uid = ?)";
constexpr const char* kOwedPieces =
    "SELECT u.uid, p.file, p.length FROM upload_pieces p JOIN uploads u ON u.id = p.upload_id WHERE u.state "
    "<> "
    "'gone' ORDER BY p.upload_id, p.start_offset";
constexpr const char* kForgetPieces =
    "DELETE p FROM upload_pieces p JOIN uploads u ON u.id = p.upload_id WHERE u.state = 'gone'";

}  // namespace

std::vector<std::uint64_t> rows_tables(Connection& connection, const std::string& data_database) {
  std::vector<std::uint64_t> ids;
  for (const Row& row : connection.select(kTables, {data_database})) {
    const std::string name(row.text(0));
    std::uint64_t id = 0;
    const auto [end, problem] = std::from_chars(name.data() + 3, name.data() + name.size(), id);
    if (problem == std::errc{} && end == name.data() + name.size()) ids.push_back(id);
  }
  return ids;
}

bool is_unused(Connection& connection) {
  return !connection.select_one(kUsed)->flag(0);
}

void begin_unfinished_anew(Connection& connection) {
  {
    Transaction transaction(connection);
    for (const char* statement : {kForgetRunners, kLetGo, kImportsAnew, kExportsAnew, kRing})
      connection.execute(statement);
    transaction.commit();
  }
  recount_owner_load(connection);
}

void remove_unpublished_rows(Connection& connection, const std::string& data_database) {
  for (const std::uint64_t id : rows_tables(connection, data_database)) {
    if (!connection.select_one(kDatasetIsThere, {id})) {
      drop_rows_table(connection, data_database, id);
      continue;
    }
    const std::string statement =
        "DELETE FROM " + rows_table(data_database, id) +
        " WHERE import_id NOT IN (SELECT id FROM imports WHERE dataset_id = ? AND published_at IS NOT NULL "
        "AND hidden_at IS NULL) LIMIT ?";
    while (connection.execute(statement, {id, kRowsAtOnce}).rows == kRowsAtOnce) {
    }
  }
}

void give_up_import(Connection& connection, std::uint64_t import_id, std::uint64_t dataset_id) {
  Transaction transaction(connection);
  hide_import(transaction, import_id);
  refresh_dataset(transaction, dataset_id);
  transaction.commit();
}

void give_up_dataset(Connection& connection, std::uint64_t dataset_id) {
  Transaction transaction(connection);
  hide_imports_of_dataset(transaction, dataset_id);
  delete_dataset(transaction, dataset_id);
  transaction.commit();
}

void give_up_upload(Connection& connection, const Uid& upload) {
  connection.execute(kUploadGone, {upload});
}

void give_up_export(Connection& connection, const Uid& job) {
  connection.execute(kExportGone, {job});
}

std::vector<OwedPiece> owed_pieces(Connection& connection) {
  std::vector<OwedPiece> pieces;
  for (const Row& row : connection.select(kOwedPieces))
    pieces.push_back({row.uid(0), std::string(row.text(1)), row.u64(2)});
  return pieces;
}

void forget_pieces_of_gone_uploads(Connection& connection) {
  connection.execute(kForgetPieces);
}

}  // namespace sluice::db
