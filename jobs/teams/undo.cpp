// SPDX-License-Identifier: MIT
#include "jobs/teams/undo.hpp"

#include "core/base/error.hpp"
#include "core/db/team_import_apply.hpp"
#include "core/db/team_import_undo.hpp"

namespace sluice::teams {
namespace {

db::TeamImport import_to_undo(jobs::Attempt& attempt) {
  const auto undo = db::find_team_import(attempt.connection(), attempt.job().id);
  if (!undo || !undo->undo_of) throw Error(Kind::internal, "team.missing", "the job has no undo");
  auto undone = db::find_team_import(attempt.connection(), *undo->undo_of);
  if (!undone)
    throw Error(Kind::gone, "team.history_gone", "no such import any more",
                "The history of this import is not kept any more, so it cannot be undone.");
  return std::move(*undone);
}

}  // namespace

jobs::StepResult UndoWork::step(jobs::Attempt& attempt) {
  attempt.throw_if_stopped();
  const db::TeamImport undone = import_to_undo(attempt);
  jobs::Progress progress;
  progress.phase = "undo";
  attempt.report(progress);

  const jobs::Interruptible interruptible(attempt);
  db::Transaction transaction(attempt.connection());
  db::lock_teams_version(transaction, undone.owner_id);
  const db::TeamUndoCounts counts = db::undo_team_import(transaction, undone);
  progress.records_done = counts.memberships;
  attempt.report(progress);
  attempt.succeed(transaction, Json::object({{"memberships_removed", counts.memberships},
                                             {"members_removed", counts.members},
                                             {"teams_removed", counts.teams},
                                             {"restored", counts.restored}}));
  transaction.commit();
  return jobs::StepResult::settled;
}

}  // namespace sluice::teams
