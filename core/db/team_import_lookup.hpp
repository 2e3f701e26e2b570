// SPDX-License-Identifier: MIT
// What is known already of the teams and members that rows of a team file name: a few statements for a whole
// batch of rows.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/db/connection.hpp"

namespace sluice::db {

/// What is known of a team and a member named by a row of the file.
struct KnownPair {
  std::optional<std::string> team_name;    ///< of the team in the database
  std::optional<std::string> member_name;  ///< of the member in the database
  std::optional<std::string> role;         ///< of the membership in the database
  // In earlier batches of the file (rows without errors):
  std::optional<std::uint64_t> pair_row;    ///< the same e-mail in the same team
  std::optional<std::uint64_t> member_row;  ///< first row with this e-mail
  std::optional<std::string> member_row_name;
  std::optional<std::uint64_t> team_row;  ///< first row with this team
  std::optional<std::string> team_row_name;
};
struct PairKey {
  std::string_view team_key, email_key;
};
/// Of one check, whose version of the teams is fixed: what does not change any more is remembered.
class PairLookup {
 public:
  PairLookup(std::uint64_t owner_id, std::uint64_t job_id) : owner_id_(owner_id), job_id_(job_id) {}
  /// One answer for each pair, in their order; at most a few thousand pairs.
  std::vector<KnownPair> find(Connection& connection, std::span<const PairKey> pairs);

 private:
  struct KnownTeam {
    std::uint64_t id = 0;  ///< in the database; 0: it has none
    std::optional<std::string> name;
    std::optional<std::uint64_t> row;
    std::optional<std::string> row_name;
  };
  /// The places of the pairs that have a key.
  using Places = std::unordered_map<std::string_view, std::vector<std::size_t>>;

  /// Returns the teams' ids, 0 where the database has none.
  std::vector<std::uint64_t> find_teams(Connection& connection, const Places& teams,
                                        std::vector<KnownPair>& known);
  void find_roles(Connection& connection, const Places& emails, std::span<const std::uint64_t> team_ids,
                  std::vector<KnownPair>& known) const;
  void find_earlier(Connection& connection, const Places& emails, std::span<const PairKey> pairs,
                    std::vector<KnownPair>& known) const;

  std::uint64_t owner_id_, job_id_;
  std::unordered_map<std::string, KnownTeam> teams_;  // those an earlier batch has
};

}  // namespace sluice::db
