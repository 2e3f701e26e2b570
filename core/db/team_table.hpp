// SPDX-License-Identifier: MIT
// Tables `teams`, `members`, `memberships`, as people read them. A team is known by its name, a member by the
// e-mail, both without case; a role belongs to the membership. Only an applied team import writes
// (team_import_apply.hpp).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/actor.hpp"
#include "core/base/uid.hpp"
#include "core/db/connection.hpp"

namespace sluice::db {

struct Team {
  std::uint64_t id = 0;
  Uid uid;
  std::string name;
  std::uint64_t member_count = 0;
  std::string created_at;         ///< RFC 3339 UTC
  std::optional<Uid> created_by;  ///< the job, while its history is kept
};

struct TeamList {
  std::vector<Team> teams;          ///< in the order of their folded names
  std::optional<std::string> next;  ///< give it as `after` to go on
};
/// Teams whose folded name contains `search` (folded here); empty: all. `after`: a `next` of before.
TeamList list_teams(Connection& connection, const Actor& actor, std::string_view search, std::uint32_t limit,
                    const std::optional<std::string>& after = {});
std::optional<Team> find_team(Connection& connection, const Actor& actor, const Uid& uid);

struct Member {
  std::uint64_t id = 0;
  Uid uid;
  std::string name;
  std::string email;
  std::string role;
};
/// By their ids, those with id > `after`.
std::vector<Member> list_members(Connection& connection, std::uint64_t team_id, std::uint32_t limit,
                                 std::uint64_t after = 0);

/// All members of these teams (few: they are held in memory), by the ids of teams, then of members.
struct TeamMember {
  std::uint64_t team_id = 0;
  Member member;
};
std::vector<TeamMember> members_of_teams(Connection& connection, std::span<const std::uint64_t> team_ids);

/// Raised by each import that is applied: what a check was made against.
std::uint64_t teams_version(Connection& connection, std::uint64_t owner_id);

struct TeamName {
  std::string name;
  std::string key;  ///< name_key(name)
};
/// At most `limit`, for suggestions.
std::vector<TeamName> team_names(Connection& connection, std::uint64_t owner_id, std::uint32_t limit);

}  // namespace sluice::db
