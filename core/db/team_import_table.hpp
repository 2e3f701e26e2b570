// SPDX-License-Identifier: MIT
// Tables `team_imports` and `team_import_rows`: what a team file says, row by row, and what is to become of
// it. Nothing here is a team yet; a row with an error has no keys, so it is in nobody's way.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/actor.hpp"
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

struct TeamCounts {
  std::uint64_t total = 0, created = 0, updated = 0, unchanged = 0, errors = 0;
  std::uint64_t teams_created = 0;
};

struct TeamImport {
  std::uint64_t job_id = 0;
  std::uint64_t owner_id = 0;
  std::uint64_t upload_id = 0;
  Uid upload_uid;
  std::optional<std::string> filename;
  bool dry_run = false;
  bool skip_errors = false;     ///< on_error=skip
  std::optional<Json> mapping;  ///< {mapped{team,name,email,role}, ignored[], header[], dialect}
  std::optional<std::uint64_t> checked_version;  ///< users.teams_version when the check began
  bool checked = false;
  bool applied = false;
  std::optional<std::string> commit_refused;  ///< a code: why a commit led back to the review
  bool undone = false;                        ///< taken back by a later import of its own kind:
  std::optional<std::uint64_t> undo_of;       ///< this one does nothing but take back the import of that job,
  std::optional<Uid> undo_of_uid;             ///< while its history is kept
  TeamCounts counts;
};

void insert_team_import(Transaction& transaction, const Actor& actor, std::uint64_t job_id,
                        std::uint64_t upload_id, bool dry_run, bool skip_errors);
/// An import that takes another one back; it has the other's upload.
void insert_team_undo(Transaction& transaction, const Actor& actor, std::uint64_t job_id,
                      const TeamImport& undone);
std::optional<TeamImport> find_team_import(Connection& connection, std::uint64_t job_id);
std::vector<TeamImport> find_team_imports(Connection& connection, std::span<const std::uint64_t> job_ids);
/// What POST /team/{uid}/commit decides: it is a dry run no more.
void commit_team_import(Transaction& transaction, std::uint64_t job_id, bool skip_errors);
/// A commit that cannot be kept: it is a dry run again, to be checked and looked at anew. `code` is shown.
void refuse_team_commit(Transaction& transaction, std::uint64_t job_id, std::string_view code);

// The check, in the transactions that the fence ends.
/// Counts from zero, against this version of the teams.
void begin_team_check(Transaction& transaction, std::uint64_t job_id, const Json& mapping,
                      std::uint64_t version);
void add_team_counts(Transaction& transaction, std::uint64_t job_id, const TeamCounts& more);
void end_team_check(Transaction& transaction, std::uint64_t job_id);

struct TeamImportRow {
  std::uint64_t row_no = 0;  ///< record of the file, header not counted, from 1
  std::uint64_t line = 0;    ///< first physical line
  std::string raw;           ///< as many fields as the header has, one CSV record without its end
  std::string surplus;       ///< fields beyond those, the same way
  std::optional<std::string> team, team_key, name, email, email_key, role;
  std::optional<std::string> before_name, before_role;  ///< of the database, where the row changes it
  bool team_first = false;                              ///< no earlier good row of the file has this team,
  bool email_first = false;                             ///< this e-mail;
  bool makes_member = false;                            ///< and the database does not have it either
  std::string status = "error";                         ///< created, updated, unchanged, error
  Json errors = Json::array();                          ///< [{field, code, message, hint, severity}]
};
void insert_team_rows(Transaction& transaction, std::uint64_t job_id, std::span<const TeamImportRow> rows);
/// Deletes at most `limit` rows; how many there were.
std::uint64_t delete_some_team_rows(Connection& connection, std::uint64_t job_id, std::uint32_t limit);

/// Rows with row_no > `after` and this status (nothing: all), at most `limit`.
std::vector<TeamImportRow> list_team_rows(Connection& connection, std::uint64_t job_id,
                                          const std::optional<std::string>& status, std::uint32_t limit,
                                          std::uint64_t after = 0);

/// Different team names of the file so far, for suggestions; at most `limit`.
std::vector<std::string> team_names_of_file(Connection& connection, std::uint64_t job_id,
                                            std::uint32_t limit);

}  // namespace sluice::db
