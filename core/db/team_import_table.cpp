// SPDX-License-Identifier: MIT
#include "core/db/team_import_table.hpp"

#include "core/db/bulk_insert.hpp"
#include "core/db/placeholders.hpp"

namespace sluice::db {
namespace {

constexpr const char* kInsert =
    "INSERT INTO team_imports(job_id, owner_id, upload_id, dry_run, on_error) VALUES(?, ?, ?, ?, ?)";
constexpr const char* kInsertUndo =
    "INSERT INTO team_imports(job_id, owner_id, upload_id, undo_of, dry_run) VALUES(?, ?, ?, ?, FALSE)";
constexpr const char* kSelect =
    "SELECT i.job_id, i.owner_id, i.upload_id, u.uid, u.filename, i.dry_run, i.on_error = 'skip', "
    "i.mapping_json, "
    "i.checked_version, i.checked_at IS NOT NULL, i.applied_at IS NOT NULL, i.total, i.created, i.updated, "
    "i.unchanged, "
    "i.errors, i.teams_created, i.undone_at IS NOT NULL, i.undo_of, o.uid, i.commit_refused FROM "
    "team_imports i "
    "LEFT JOIN uploads u ON u.id = i.upload_id LEFT JOIN jobs o ON o.id = i.undo_of WHERE i.job_id ";
constexpr const char* kCommit =
    "UPDATE team_imports SET dry_run = FALSE, on_error = ?, commit_refused = NULL WHERE job_id = ?";
constexpr const char* kRefuse = "UPDATE team_imports SET dry_run = TRUE, commit_refused = ? WHERE job_id = ?";
constexpr const char* kBegin =
    "UPDATE team_imports SET mapping_json = ?, checked_version = ?, checked_at = NULL, total = 0, created = "
    "0, updated = 0, "
    "unchanged = 0, errors = 0, teams_created = 0 WHERE job_id = ?";
constexpr const char* kAdd =
    "UPDATE team_imports SET total = total + ?, created = created + ?, updated = updated + ?, unchanged = "
    "unchanged + ?, "
    "errors = errors + ?, teams_created = teams_created + ? WHERE job_id = ?";
constexpr const char* kEnd = "UPDATE team_imports SET checked_at = UTC_TIMESTAMP(6) WHERE job_id = ?";
constexpr const char* kDeleteRows = "DELETE FROM team_import_rows WHERE job_id = ? ORDER BY row_no LIMIT ?";
constexpr const char* kRows =
    "SELECT row_no, line, raw, surplus, team, name, email, role, status, errors_json FROM team_import_rows "
    "WHERE job_id = ? ";
constexpr const char* kNamesOfFile =
    "SELECT team FROM team_import_rows FORCE INDEX (by_first_team) WHERE job_id = ? AND first_team_key IS "
    "NOT NULL "
    "ORDER BY row_no LIMIT ?";

TeamImport team_import_of(const Row& row) {
  TeamImport found;
  found.job_id = row.u64(0);
  found.owner_id = row.u64(1);
  found.upload_id = row.u64(2);
  if (!row.is_null(3)) found.upload_uid = row.uid(3);
  found.filename = row.maybe_text(4);
  found.dry_run = row.flag(5);
  found.skip_errors = row.flag(6);
  if (!row.is_null(7)) found.mapping = parse_stored_json(row.text(7));
  found.checked_version = row.maybe_u64(8);
  found.checked = row.flag(9);
  found.applied = row.flag(10);
  found.counts = {row.u64(11), row.u64(12), row.u64(13), row.u64(14), row.u64(15), row.u64(16)};
  found.undone = row.flag(17);
  found.undo_of = row.maybe_u64(18);
  if (!row.is_null(19)) found.undo_of_uid = row.uid(19);
  found.commit_refused = row.maybe_text(20);
  return found;
}

void add_text(BulkInsert& bulk, const std::optional<std::string>& text) {
  if (text) {
    bulk.add(std::string_view(*text));
  } else {
    bulk.add_null();
  }
}

}  // namespace

void insert_team_import(Transaction& transaction, const Actor& actor, std::uint64_t job_id,
                        std::uint64_t upload_id, bool dry_run, bool skip_errors) {
  transaction.connection().execute(
      kInsert, {job_id, actor.owner_id, upload_id, dry_run, skip_errors ? "skip" : "abort"});
}

void insert_team_undo(Transaction& transaction, const Actor& actor, std::uint64_t job_id,
                      const TeamImport& undone) {
  transaction.connection().execute(kInsertUndo, {job_id, actor.owner_id, undone.upload_id, undone.job_id});
}

std::optional<TeamImport> find_team_import(Connection& connection, std::uint64_t job_id) {
  const auto row = connection.select_one(std::string(kSelect) + "= ?", {job_id});
  if (!row) return std::nullopt;
  return team_import_of(*row);
}

std::vector<TeamImport> find_team_imports(Connection& connection, std::span<const std::uint64_t> job_ids) {
  std::vector<TeamImport> found;
  if (job_ids.empty()) return found;
  const std::string sql = std::string(kSelect) + "IN " + placeholders(job_ids.size());
  const std::vector<Value> values(job_ids.begin(), job_ids.end());
  for (const Row& row : connection.select(sql, values)) found.push_back(team_import_of(row));
  return found;
}

void commit_team_import(Transaction& transaction, std::uint64_t job_id, bool skip_errors) {
  transaction.connection().execute(kCommit, {skip_errors ? "skip" : "abort", job_id});
}

void refuse_team_commit(Transaction& transaction, std::uint64_t job_id, std::string_view code) {
  transaction.connection().execute(kRefuse, {code, job_id});
}

void begin_team_check(Transaction& transaction, std::uint64_t job_id, const Json& mapping,
                      std::uint64_t version) {
  const std::string text = mapping.text();
  transaction.connection().execute(kBegin, {text, version, job_id});
}

void add_team_counts(Transaction& transaction, std::uint64_t job_id, const TeamCounts& more) {
  transaction.connection().execute(kAdd, {more.total, more.created, more.updated, more.unchanged, more.errors,
                                          more.teams_created, job_id});
}

void end_team_check(Transaction& transaction, std::uint64_t job_id) {
  transaction.connection().execute(kEnd, {job_id});
}

void insert_team_rows(Transaction& transaction, std::uint64_t job_id, std::span<const TeamImportRow> rows) {
  using Native = BulkInsert::Native;
  BulkInsert bulk(transaction.connection(), "team_import_rows",
                  {{"job_id", Native::integer, job_id},
                   {"row_no", Native::integer},
                   {"line", Native::integer},
                   {"raw", Native::text},
                   {"surplus", Native::text},
                   {"team", Native::text},
                   {"team_key", Native::text},
                   {"name", Native::text},
                   {"email", Native::text},
                   {"email_key", Native::text},
                   {"role", Native::text},
                   {"before_name", Native::text},
                   {"before_role", Native::text},
                   {"first_team_key", Native::text},
                   {"email_first", Native::integer},
                   {"makes_member", Native::integer},
                   {"status", Native::text},
                   {"errors_json", Native::text}});
  for (const TeamImportRow& row : rows) {
    bulk.add(static_cast<std::int64_t>(row.row_no));
    bulk.add(static_cast<std::int64_t>(row.line));
    bulk.add(std::string_view(row.raw));
    bulk.add(std::string_view(row.surplus));
    for (const auto* text : {&row.team, &row.team_key, &row.name, &row.email, &row.email_key, &row.role,
                             &row.before_name, &row.before_role})
      add_text(bulk, *text);
    add_text(bulk, row.team_first ? row.team_key : std::nullopt);
    bulk.add(static_cast<std::int64_t>(row.email_first));
    bulk.add(static_cast<std::int64_t>(row.makes_member));
    bulk.add(std::string_view(row.status));
    if (row.errors.items().empty()) {
      bulk.add_null();
    } else {
      bulk.add(std::string_view(row.errors.text()));
    }
    bulk.end_row();
  }
  bulk.flush();
}

std::uint64_t delete_some_team_rows(Connection& connection, std::uint64_t job_id, std::uint32_t limit) {
  return connection.execute(kDeleteRows, {job_id, limit}).rows;
}

std::vector<TeamImportRow> list_team_rows(Connection& connection, std::uint64_t job_id,
                                          const std::optional<std::string>& status, std::uint32_t limit,
                                          std::uint64_t after) {
  const std::string sql = std::string(kRows) + (status ? "AND status = ? " : "AND (? IS NULL) ") +
                          "AND row_no > ? ORDER BY row_no LIMIT ?";
  std::vector<TeamImportRow> rows;
  for (const Row& row : connection.select(sql, {job_id, status, after, limit})) {
    TeamImportRow found;
    found.row_no = row.u64(0);
    found.line = row.u64(1);
    found.raw = row.text(2);
    found.surplus = row.text(3);
    found.team = row.maybe_text(4);
    found.name = row.maybe_text(5);
    found.email = row.maybe_text(6);
    found.role = row.maybe_text(7);
    found.status = row.text(8);
    if (!row.is_null(9)) found.errors = parse_stored_json(row.text(9));
    rows.push_back(std::move(found));
  }
  return rows;
}

std::vector<std::string> team_names_of_file(Connection& connection, std::uint64_t job_id,
                                            std::uint32_t limit) {
  std::vector<std::string> names;
  for (const Row& row : connection.select(kNamesOfFile, {job_id, limit})) names.push_back(row.text(0));
  return names;
}

}  // namespace sluice::db
