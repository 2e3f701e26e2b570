// SPDX-License-Identifier: MIT
#include "core/db/team_table.hpp"

#include "core/base/fold.hpp"
#include "core/db/job_table.hpp"
#include "core/db/placeholders.hpp"

namespace sluice::db {
namespace {

constexpr const char* kSelect =
    "SELECT t.id, t.uid, t.name, (SELECT COUNT(*) FROM memberships s WHERE s.team_id = t.id), t.created_at, "
    "j.uid, t.name_key "
    "FROM teams t LEFT JOIN jobs j ON j.id = t.created_by_job ";
// LOCATE on binary strings compares bytes; both sides are folded already.
constexpr const char* kList =
    "WHERE t.owner_id = ? AND t.name_key > ? AND (? = '' OR LOCATE(CAST(? AS BINARY), t.name_key) > 0) "
    "ORDER BY t.name_key LIMIT ?";
constexpr const char* kByUid = "WHERE t.owner_id = ? AND t.uid = ?";
constexpr const char* kMembers =
    "SELECT m.id, m.uid, m.name, m.email, s.role FROM memberships s JOIN members m ON m.id = s.member_id "
    "WHERE s.team_id = ? AND s.member_id > ? ORDER BY s.member_id LIMIT ?";
constexpr const char* kVersion = "SELECT teams_version FROM users WHERE id = ?";
constexpr const char* kNames = "SELECT name, name_key FROM teams WHERE owner_id = ? ORDER BY id LIMIT ?";

Team team_of(const Row& row) {
  Team team;
  team.id = row.u64(0);
  team.uid = row.uid(1);
  team.name = row.text(2);
  team.member_count = row.u64(3);
  team.created_at = rfc3339_of(row.text(4));
  if (!row.is_null(5)) team.created_by = row.uid(5);
  return team;
}

}  // namespace

TeamList list_teams(Connection& connection, const Actor& actor, std::string_view search, std::uint32_t limit,
                    const std::optional<std::string>& after) {
  const std::string wanted = name_key(search);
  const std::string from = after.value_or("");
  TeamList list;
  for (const Row& row : connection.select(std::string(kSelect) + kList,
                                          {actor.owner_id, from, wanted, wanted, limit + std::uint64_t{1}})) {
    if (list.teams.size() == limit) {
      list.next = name_key(list.teams.back().name);
      break;
    }
    list.teams.push_back(team_of(row));
  }
  return list;
}

std::optional<Team> find_team(Connection& connection, const Actor& actor, const Uid& uid) {
  const auto row = connection.select_one(std::string(kSelect) + kByUid, {actor.owner_id, uid});
  if (!row) return std::nullopt;
  return team_of(*row);
}

std::vector<Member> list_members(Connection& connection, std::uint64_t team_id, std::uint32_t limit,
                                 std::uint64_t after) {
  std::vector<Member> members;
  for (const Row& row : connection.select(kMembers, {team_id, after, limit})) {
    members.push_back({row.u64(0), row.uid(1), row.text(2), row.text(3), row.text(4)});
  }
  return members;
}

std::vector<TeamMember> members_of_teams(Connection& connection, std::span<const std::uint64_t> team_ids) {
  std::vector<TeamMember> members;
  if (team_ids.empty()) return members;
  const std::string places = placeholders(team_ids.size());
  const std::string sql =
      "SELECT s.team_id, m.id, m.uid, m.name, m.email, s.role FROM memberships s JOIN members m ON m.id = "
      "s.member_id WHERE s.team_id IN " +
      places + " ORDER BY s.team_id, s.member_id";
  const std::vector<Value> values(team_ids.begin(), team_ids.end());
  for (const Row& row : connection.select(sql, values))
    members.push_back({row.u64(0), {row.u64(1), row.uid(2), row.text(3), row.text(4), row.text(5)}});
  return members;
}

std::uint64_t teams_version(Connection& connection, std::uint64_t owner_id) {
  const auto row = connection.select_one(kVersion, {owner_id});
  if (!row) throw Error(Kind::internal, "db.no_user", "the owner has no row");
  return row->u64(0);
}

std::vector<TeamName> team_names(Connection& connection, std::uint64_t owner_id, std::uint32_t limit) {
  std::vector<TeamName> names;
  for (const Row& row : connection.select(kNames, {owner_id, limit}))
    names.push_back({row.text(0), row.text(1)});
  return names;
}

}  // namespace sluice::db
