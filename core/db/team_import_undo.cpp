// SPDX-License-Identifier: MIT
#include "core/db/team_import_undo.hpp"

#include "core/base/error.hpp"

namespace sluice::db {
namespace {

constexpr const char* kMark =
    "UPDATE team_imports SET undone_at = UTC_TIMESTAMP(6) WHERE job_id = ? AND applied_at IS NOT NULL AND "
    "undone_at IS NULL";
constexpr const char* kRaiseVersion = "UPDATE users SET teams_version = teams_version + 1 WHERE id = ?";
constexpr const char* kLock = "SELECT job_id FROM team_imports WHERE job_id = ? FOR UPDATE";
constexpr const char* kRunning =
    "SELECT j.uid FROM team_imports i JOIN jobs j ON j.id = i.job_id WHERE i.undo_of = ? AND "
    "j.state IN ('queued', 'running', 'paused') LIMIT 1";

// Whoever is in a team by another import keeps that team; a member who is in another team is kept too.
constexpr const char* kTeamInUse =
    "SELECT t.name FROM teams t JOIN memberships s ON s.team_id = t.id WHERE t.owner_id = ? AND "
    "t.created_by_job = ? AND (s.created_by_job IS NULL OR s.created_by_job <> ?) LIMIT 1";
constexpr const char* kMemberInUse =
    "SELECT m.email FROM members m JOIN memberships s ON s.member_id = m.id WHERE m.owner_id = ? AND "
    "m.created_by_job = ? AND (s.created_by_job IS NULL OR s.created_by_job <> ?) LIMIT 1";
// A role that this import set, and a later one changed.
constexpr const char* kRoleChanged =
    "SELECT m.email FROM team_import_rows r JOIN teams t ON t.owner_id = ? AND t.name_key = r.team_key "
    "JOIN members m ON m.owner_id = ? AND m.email_key = r.email_key "
    "JOIN memberships s ON s.team_id = t.id AND s.member_id = m.id WHERE r.job_id = ? AND "
    "((r.status = 'created' AND s.role <> COALESCE(r.role, 'member')) OR "
    "(r.before_role IS NOT NULL AND s.role <> r.role)) LIMIT 1";
// The same of a name.
constexpr const char* kNameChanged =
    "SELECT m.email FROM team_import_rows r JOIN members m ON m.owner_id = ? AND m.email_key = r.email_key "
    "WHERE r.job_id = ? AND r.before_name IS NOT NULL AND m.name <> r.name LIMIT 1";

// The same of a member whom this import created, named by its first row.
constexpr const char* kCreatedNameChanged =
    "SELECT m.email FROM team_import_rows r JOIN members m ON m.owner_id = ? AND m.email_key = r.email_key "
    "WHERE r.job_id = ? AND r.email_first AND m.created_by_job = ? AND "
    "m.name <> COALESCE(r.name, SUBSTRING_INDEX(r.email, '@', 1)) LIMIT 1";

constexpr const char* kDeleteMemberships =
    "DELETE FROM memberships WHERE owner_id = ? AND created_by_job = ?";
constexpr const char* kDeleteMembers = "DELETE FROM members WHERE owner_id = ? AND created_by_job = ?";
constexpr const char* kDeleteTeams = "DELETE FROM teams WHERE owner_id = ? AND created_by_job = ?";
constexpr const char* kRestoreRoles =
    "UPDATE team_import_rows r JOIN teams t ON t.owner_id = ? AND t.name_key = r.team_key "
    "JOIN members m ON m.owner_id = ? AND m.email_key = r.email_key "
    "JOIN memberships s ON s.team_id = t.id AND s.member_id = m.id SET s.role = r.before_role "
    "WHERE r.job_id = ? AND r.before_role IS NOT NULL";
constexpr const char* kRestoreNames =
    "UPDATE team_import_rows r JOIN members m ON m.owner_id = ? AND m.email_key = r.email_key "
    "SET m.name = r.before_name WHERE r.job_id = ? AND r.before_name IS NOT NULL";

[[noreturn]] void in_use(std::string detail, std::string advice) {
  throw Error(Kind::conflict, "team.in_use", std::move(detail), advice + " Undo the later import first.");
}

void require_unused(Connection& db, std::uint64_t owner, std::uint64_t job) {
  if (const auto row = db.select_one(kTeamInUse, {owner, job, job}))
    in_use("a team", "A later import put members into the team '" + row->text(0) + "' of this one.");
  if (const auto row = db.select_one(kMemberInUse, {owner, job, job}))
    in_use("a member", "A later import put " + row->text(0) + " of this one into another team.");
  if (const auto row = db.select_one(kRoleChanged, {owner, owner, job}))
    in_use("a role", "A later import changed the role of " + row->text(0) + ".");
  auto renamed = db.select_one(kNameChanged, {owner, job});
  if (!renamed) renamed = db.select_one(kCreatedNameChanged, {owner, job, job});
  if (renamed) in_use("a name", "A later import changed the name of " + renamed->text(0) + ".");
}

}  // namespace

TeamUndoCounts undo_team_import(Transaction& transaction, const TeamImport& i) {
  Connection& db = transaction.connection();
  const std::uint64_t owner = i.owner_id, job = i.job_id;
  if (db.execute(kMark, {job}).rows != 1)
    throw Error(Kind::conflict, "team.undone", "undone or never applied", "This import was undone already.");
  require_unused(db, owner, job);
  TeamUndoCounts counts;
  counts.memberships = db.execute(kDeleteMemberships, {owner, job}).rows;
  counts.restored = db.execute(kRestoreRoles, {owner, owner, job}).rows;
  counts.restored += db.execute(kRestoreNames, {owner, job}).rows;
  counts.members = db.execute(kDeleteMembers, {owner, job}).rows;
  counts.teams = db.execute(kDeleteTeams, {owner, job}).rows;
  db.execute(kRaiseVersion, {owner});
  return counts;
}

void lock_team_import(Transaction& transaction, std::uint64_t job_id) {
  transaction.connection().select_one(kLock, {job_id});
}

std::optional<Uid> running_team_undo(Connection& connection, std::uint64_t job_id) {
  const auto row = connection.select_one(kRunning, {job_id});
  if (!row) return std::nullopt;
  return row->uid(0);
}

}  // namespace sluice::db
