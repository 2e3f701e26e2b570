// SPDX-License-Identifier: MIT
// Taking an applied team import back: what it created goes, what it changed is as it was before. Only while
// nothing depends on it.
#pragma once
#include "core/db/team_import_table.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

struct TeamUndoCounts {
  std::uint64_t memberships = 0, members = 0, teams = 0;  ///< taken away
  std::uint64_t restored = 0;                             ///< names and roles as they were before
};

/// Marks it as undone and raises the version of the teams; the caller holds lock_teams_version(). Throws
/// Error conflict: `team.undone` (it is already), `team.in_use` (a later import put somebody into one of its
/// teams, a member of its into another team, or changed a name or a role that it had set); roll back then.
TeamUndoCounts undo_team_import(Transaction& transaction, const TeamImport& team_import);

/// Until the transaction ends nobody else decides whether this import is to be undone.
void lock_team_import(Transaction& transaction, std::uint64_t job_id);
/// An undo of this import that has not ended: its job.
std::optional<Uid> running_team_undo(Connection& connection, std::uint64_t job_id);

}  // namespace sluice::db
