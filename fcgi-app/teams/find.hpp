// SPDX-License-Identifier: MIT
// A team import and its job, as the handlers look them up and show them.
#pragma once
#include "core/base/actor.hpp"
#include "core/base/json.hpp"
#include "core/db/job_table.hpp"
#include "core/db/team_import_table.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi {

struct FoundTeamImport {
  db::JobRow job;
  db::TeamImport team_import;
};

/// The actor's import. Error not_found `team.not_found`.
FoundTeamImport require_team_import(db::Connection& connection, const Actor& actor, const Uid& uid);

/// Checked, and waiting for somebody to look at it; one that was paused while it was applied is not.
bool is_in_review(const FoundTeamImport& found);

/// Applied, and not taken back yet.
bool can_be_undone(const FoundTeamImport& found);

/// The members of job_json(), and team_import{filename, upload, dry_run, on_error, checked, committed,
/// commit_refused{code, detail}, undone, undo_of, counts{created, updated, unchanged, errors, total},
/// teams_created, columns{mapped{}, ignored[]}}; links.commit while in review, links.undo once applied.
Json team_import_json(const FoundTeamImport& found);

}  // namespace sluice::fcgi
