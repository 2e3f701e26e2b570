// SPDX-License-Identifier: MIT
// Each key is asked for once, however many rows have it, and nothing that is there is an answer that costs
// nothing: in most files most rows are new. The keys come as a list of parameters of the column's own type,
// which the index serves; its length is a power of two, so that few statements are kept prepared.
#include "core/db/team_import_lookup.hpp"

#include <bit>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/db/placeholders.hpp"

namespace sluice::db {
namespace {

constexpr const char* kTeams = "SELECT name_key, id, name FROM teams WHERE owner_id = ? AND name_key IN ";
constexpr const char* kMembers =
    "SELECT email_key, id, name FROM members WHERE owner_id = ? AND email_key IN ";
constexpr const char* kFirstOfTeam =
    "SELECT first_team_key, row_no, team FROM team_import_rows FORCE INDEX (by_first_team) WHERE job_id = ? "
    "AND "
    "first_team_key IN ";
constexpr const char* kFirstOfEmail =
    "SELECT email_key, row_no, name, team_key FROM team_import_rows FORCE INDEX (by_email_team) WHERE job_id "
    "= ? "
    "AND email_first = 1 AND email_key IN ";

// The pairs come as one JSON array of [place, …]: a parameter among VALUES would take its type, and lose its
// value, when the statement is prepared.
constexpr const char* kRoles =
    "SELECT p.place, s.role FROM JSON_TABLE(?, '$[*]' COLUMNS(place INT UNSIGNED PATH '$[0]', "
    "team BIGINT UNSIGNED PATH '$[1]', member BIGINT UNSIGNED PATH '$[2]')) p "
    "JOIN memberships s ON s.team_id = p.team AND s.member_id = p.member";
constexpr const char* kLaterPairs =
    "SELECT p.place, r.row_no FROM JSON_TABLE(?, '$[*]' COLUMNS(place INT UNSIGNED PATH '$[0]', "
    "t VARCHAR(800) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', "
    "e VARCHAR(1016) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]')) p "
    "JOIN team_import_rows r FORCE INDEX (by_email_team) ON r.job_id = ? AND r.email_first = 0 AND "
    "r.email_key = p.e AND r.team_key = p.t";

constexpr std::size_t kMostTeams = 20'000;  ///< remembered; some 200 bytes each

/// `found` is called with each row of the answer and what its first column, the key, leads to.
template <typename Places, typename Found>
void for_each_known(Connection& connection, const char* sql, std::uint64_t of, Places& places, Found found) {
  if (places.empty()) return;
  std::vector<Value> values{of};
  for (const auto& entry : places) values.emplace_back(entry.first);
  const std::size_t length = std::bit_ceil(places.size());
  while (values.size() < 1 + length) values.push_back(values.back());
  for (const Row& row : connection.select(sql + placeholders(length), values)) {
    const auto at = places.find(row.text(0));
    if (at == places.end()) throw Error(Kind::internal, "db.pairs", "an answer nobody asked for");
    found(row, at->second);
  }
}

/// `found` is called with the rows of a statement over listed pairs and their places.
template <typename Found>
void for_each_listed(Connection& connection, const char* sql, Json::Array listed,
                     std::optional<std::uint64_t> job_id, Found found) {
  if (listed.empty()) return;
  const std::string json = Json(std::move(listed)).text();
  std::vector<Value> values{json};
  if (job_id) values.emplace_back(*job_id);
  for (const Row& row : connection.select(sql, values)) found(row, row.u64(0));
}

}  // namespace

std::vector<KnownPair> PairLookup::find(Connection& connection, std::span<const PairKey> pairs) {
  std::vector<KnownPair> known(pairs.size());
  Places teams, emails;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    teams[pairs[i].team_key].push_back(i);
    emails[pairs[i].email_key].push_back(i);
  }
  const std::vector<std::uint64_t> team_ids = find_teams(connection, teams, known);
  find_roles(connection, emails, team_ids, known);
  find_earlier(connection, emails, pairs, known);
  return known;
}

// A team that an earlier batch has is what it is until the check ends; one that is new may get its first row
// from the batch under way.
std::vector<std::uint64_t> PairLookup::find_teams(Connection& connection, const Places& teams,
                                                  std::vector<KnownPair>& known) {
  std::unordered_map<std::string_view, KnownTeam> asked;
  for (const auto& entry : teams) {
    if (!teams_.contains(std::string(entry.first))) asked.try_emplace(entry.first);
  }
  for_each_known(connection, kTeams, owner_id_, asked, [](const Row& row, KnownTeam& team) {
    team.id = row.u64(1);
    team.name = row.text(2);
  });
  for_each_known(connection, kFirstOfTeam, job_id_, asked, [](const Row& row, KnownTeam& team) {
    team.row = row.u64(1);
    team.row_name = row.text(2);
  });
  std::vector<std::uint64_t> ids(known.size());
  for (const auto& [key, places] : teams) {
    const auto fresh = asked.find(key);
    const KnownTeam& team = fresh != asked.end() ? fresh->second : teams_.at(std::string(key));
    for (const std::size_t place : places) {
      ids[place] = team.id;
      known[place].team_name = team.name;
      known[place].team_row = team.row;
      known[place].team_row_name = team.row_name;
    }
  }
  if (teams_.size() + asked.size() > kMostTeams) teams_.clear();
  for (auto& [key, team] : asked) {
    if (team.row) teams_.emplace(key, std::move(team));
  }
  return ids;
}

/// What the members of the owner say, and those of them who are in the team already.
void PairLookup::find_roles(Connection& connection, const Places& emails,
                            std::span<const std::uint64_t> team_ids, std::vector<KnownPair>& known) const {
  Json::Array listed;
  for_each_known(connection, kMembers, owner_id_, emails, [&](const Row& row, const auto& places) {
    for (const std::size_t place : places) {
      known[place].member_name = row.text(2);
      if (team_ids[place] != 0) listed.push_back(Json::array({place, team_ids[place], row.u64(1)}));
    }
  });
  for_each_listed(connection, kRoles, std::move(listed), std::nullopt,
                  [&](const Row& row, std::size_t place) { known.at(place).role = row.text(1); });
}

/// What earlier rows of the file say of the members.
void PairLookup::find_earlier(Connection& connection, const Places& emails, std::span<const PairKey> pairs,
                              std::vector<KnownPair>& known) const {
  Json::Array listed;
  for_each_known(connection, kFirstOfEmail, job_id_, emails, [&](const Row& row, const auto& places) {
    for (const std::size_t place : places) {
      known[place].member_row = row.u64(1);
      known[place].member_row_name = row.maybe_text(2);
      if (row.text(3) == pairs[place].team_key)
        known[place].pair_row = row.u64(1);
      else if (known[place].team_row)  // else nobody is in this team yet
        listed.push_back(Json::array({place, pairs[place].team_key, pairs[place].email_key}));
    }
  });
  for_each_listed(connection, kLaterPairs, std::move(listed), job_id_,
                  [&](const Row& row, std::size_t place) { known.at(place).pair_row = row.u64(1); });
}

}  // namespace sluice::db
