// SPDX-License-Identifier: MIT
#include "core/db/team_import_apply.hpp"

#include "core/base/error.hpp"

namespace sluice::db {
namespace {

constexpr const char* kLockVersion = "SELECT teams_version FROM users WHERE id = ? FOR UPDATE";
constexpr const char* kRaiseVersion = "UPDATE users SET teams_version = teams_version + 1 WHERE id = ?";

// A random UUID, version 4 (RFC 9562), for each row.
#define SLUICE_RANDOM_UID                                                           \
  "CONCAT(RANDOM_BYTES(6), CHAR(64 + ORD(RANDOM_BYTES(1)) % 16), RANDOM_BYTES(1), " \
  "CHAR(128 + ORD(RANDOM_BYTES(1)) % 64), RANDOM_BYTES(7))"

// A team is written as its first row writes it.
constexpr const char* kTeams =
    "INSERT INTO teams(uid, owner_id, name, name_key, created_by_job, created_at) "
    "SELECT " SLUICE_RANDOM_UID
    ", ?, r.team, r.team_key, r.job_id, UTC_TIMESTAMP(6) FROM team_import_rows r FORCE INDEX (by_first_team) "
    "LEFT JOIN teams t ON t.owner_id = ? AND t.name_key = r.team_key "
    "WHERE r.job_id = ? AND r.first_team_key IS NOT NULL AND t.id IS NULL ORDER BY r.row_no";
// So is a member. A file without names leaves what stands before the @. Whether there was such a member the
// check knows, for nothing changed since: to ask again would put the whole set into a temporary table.
constexpr const char* kMembers =
    "INSERT INTO members(uid, owner_id, name, email, email_key, created_by_job, created_at) "
    "SELECT " SLUICE_RANDOM_UID
    ", ?, COALESCE(r.name, SUBSTRING_INDEX(r.email, '@', 1)), r.email, r.email_key, r.job_id, "
    "UTC_TIMESTAMP(6) FROM team_import_rows r FORCE INDEX (PRIMARY) WHERE r.job_id = ? AND r.makes_member "
    "ORDER BY r.row_no";
constexpr const char* kNames =
    "UPDATE team_import_rows r JOIN members m ON m.owner_id = ? AND m.email_key = r.email_key "
    "SET m.name = r.name WHERE r.job_id = ? AND r.before_name IS NOT NULL";
constexpr const char* kMemberships =
    "INSERT INTO memberships(team_id, member_id, owner_id, role, created_by_job, created_at) "
    "SELECT t.id, m.id, ?, COALESCE(r.role, 'member'), r.job_id, UTC_TIMESTAMP(6) FROM team_import_rows r "
    "JOIN teams t ON t.owner_id = ? AND t.name_key = r.team_key JOIN members m ON m.owner_id = ? AND "
    "m.email_key = r.email_key "
    "WHERE r.job_id = ? AND r.status = 'created'";
constexpr const char* kRoles =
    "UPDATE team_import_rows r JOIN teams t ON t.owner_id = ? AND t.name_key = r.team_key "
    "JOIN members m ON m.owner_id = ? AND m.email_key = r.email_key "
    "JOIN memberships s ON s.team_id = t.id AND s.member_id = m.id SET s.role = r.role "
    "WHERE r.job_id = ? AND r.status = 'updated' AND r.role IS NOT NULL";
constexpr const char* kApplied = "UPDATE team_imports SET applied_at = UTC_TIMESTAMP(6) WHERE job_id = ?";

#undef SLUICE_RANDOM_UID

void require_count(const char* what, std::uint64_t found, std::uint64_t counted) {
  if (found == counted) return;
  throw Error(Kind::internal, "team.apply_count",
              std::string(what) + ": " + std::to_string(found) + " instead of " + std::to_string(counted));
}

}  // namespace

std::uint64_t lock_teams_version(Transaction& transaction, std::uint64_t owner_id) {
  const auto row = transaction.connection().select_one(kLockVersion, {owner_id});
  if (!row) throw Error(Kind::internal, "db.no_user", "the owner has no row");
  return row->u64(0);
}

void apply_team_import(Transaction& transaction, const TeamImport& i) {
  Connection& db = transaction.connection();
  const std::uint64_t owner = i.owner_id, job = i.job_id;
  require_count("teams", db.execute(kTeams, {owner, owner, job}).rows, i.counts.teams_created);
  db.execute(kMembers, {owner, job});
  db.execute(kNames, {owner, job});
  require_count("memberships", db.execute(kMemberships, {owner, owner, owner, job}).rows, i.counts.created);
  db.execute(kRoles, {owner, owner, job});
  db.execute(kApplied, {job});
  db.execute(kRaiseVersion, {owner});
}

}  // namespace sluice::db
