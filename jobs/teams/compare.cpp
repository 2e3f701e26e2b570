// SPDX-License-Identifier: MIT
#include "jobs/teams/compare.hpp"

#include <map>
#include <unordered_map>
#include <utility>

#include "core/base/error.hpp"
#include "jobs/teams/row_check.hpp"

namespace sluice::teams {
namespace {

struct Seen {
  std::uint64_t row_no;
  std::optional<std::string> text;  ///< the team as it was written, the member's name
};

std::string quoted(const std::optional<std::string>& text) {
  return "'" + text.value_or("") + "'";
}

class Batch {
 public:
  explicit Batch(SimilarNames& names) : names_(names) {}
  db::TeamCounts counts;

  void compare(db::TeamImportRow& row, const db::KnownPair& known) {
    const std::string team = *row.team_key, email = *row.email_key;
    if (const auto kept = earlier_pair(team, email, known)) {
      add_issue(row, Severity::error, "email", "team.duplicate_in_file",
                "Same e-mail in the same team as row " + std::to_string(*kept) + "; row " +
                    std::to_string(*kept) + " is kept.",
                "Take this row out.");
      return;
    }
    if (!compare_team(row, team, known)) return;
    pairs_.emplace(std::pair(team, email), row.row_no);
    if (compare_member(row, email, known)) row.before_name = known.member_name;
    if (!known.role) return;  // not in this team yet: created
    if (row.role && row.role != known.role) row.before_role = known.role;
    row.status = row.before_name || row.before_role ? "updated" : "unchanged";
  }

 private:
  std::optional<std::uint64_t> earlier_pair(const std::string& team, const std::string& email,
                                            const db::KnownPair& known) const {
    if (known.pair_row) return known.pair_row;
    const auto at = pairs_.find({team, email});
    return at == pairs_.end() ? std::nullopt : std::optional(at->second);
  }

  // False: another row of the file writes this new team in another way. Which is meant, people must say; once
  // a team exists its name is settled, and other spellings are only told.
  bool compare_team(db::TeamImportRow& row, const std::string& key, const db::KnownPair& known) {
    std::optional<Seen> before;
    if (known.team_row) before = Seen{*known.team_row, known.team_row_name};
    if (const auto at = teams_.find(key); !before && at != teams_.end()) before = at->second;
    if (before && !known.team_name && before->text != row.team) {
      add_issue(row, Severity::error, "team", "team.spelling",
                "The team " + quoted(row.team) + " is the same as " + quoted(before->text) + " of row " +
                    std::to_string(before->row_no) + ", written in another way.",
                "Write both in one way.");
      return false;
    }
    if (!before) {
      teams_.emplace(key, Seen{row.row_no, row.team});
      row.team_first = true;
      if (!known.team_name) {
        ++counts.teams_created;
        if (const auto similar = names_.find(*row.team)) {
          add_issue(row, Severity::warning, "team", "team.similar_name",
                    "There is no team " + quoted(row.team) + " yet; it will be created.",
                    "Did you mean '" + *similar + "'?");
        }
        names_.add(*row.team);
      }
    }
    if (known.team_name && *known.team_name != row.team) {
      add_issue(row, Severity::warning, "team", "team.spelling",
                "The team is called " + quoted(known.team_name) + " already; it keeps that name.");
    }
    return true;
  }

  // True when the row gives a member of the database another name.
  bool compare_member(db::TeamImportRow& row, const std::string& key, const db::KnownPair& known) {
    std::optional<Seen> before;
    if (known.member_row) before = Seen{*known.member_row, known.member_row_name};
    if (const auto at = members_.find(key); !before && at != members_.end()) before = at->second;
    if (!before) {
      members_.emplace(key, Seen{row.row_no, row.name});
      row.email_first = true;
      row.makes_member = !known.member_name;
      return row.name && known.member_name && *known.member_name != *row.name;
    }
    if (before->text != row.name) {
      add_issue(row, Severity::warning, "name", "team.other_name",
                "Row " + std::to_string(before->row_no) + " gives this e-mail the name " +
                    quoted(before->text) + "; that name is kept.");
    }
    return false;
  }

  SimilarNames& names_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> pairs_;
  std::unordered_map<std::string, Seen> teams_, members_;
};

}  // namespace

db::TeamCounts compare_rows(std::span<db::TeamImportRow> rows, std::span<const db::KnownPair> known,
                            SimilarNames& names) {
  Batch batch(names);
  std::size_t next = 0;
  for (db::TeamImportRow& row : rows) {
    if (row.status != "error") {
      if (next == known.size()) throw Error(Kind::internal, "team.compare", "fewer answers than good rows");
      batch.compare(row, known[next++]);
    }
    ++batch.counts.total;
    if (row.status == "created") ++batch.counts.created;
    if (row.status == "updated") ++batch.counts.updated;
    if (row.status == "unchanged") ++batch.counts.unchanged;
    if (row.status == "error") ++batch.counts.errors;
  }
  return batch.counts;
}

}  // namespace sluice::teams
