// SPDX-License-Identifier: MIT
#include "core/db/team_import_undo.hpp"
#include "fcgi-app/idempotency.hpp"
#include "fcgi-app/teams/find.hpp"
#include "fcgi-app/teams/handlers.hpp"

namespace sluice::fcgi {
namespace {

void require_undoable(db::Connection& connection, const FoundTeamImport& found) {
  if (found.team_import.undone)
    throw Error(Kind::conflict, "team.undone", "undone", "This import was undone already.");
  if (!can_be_undone(found)) {
    throw Error(Kind::conflict, "team.not_committed", "nothing was created",
                "This import has created nothing, so there is nothing to undo.");
  }
  if (const auto running = db::running_team_undo(connection, found.job.id)) {
    throw Error(Kind::conflict, "team.undo_running", running->text(),
                "An undo of this import is under way: /team/" + running->text() + ".");
  }
}

}  // namespace

Response undo_team_import(Request& request, const Actor& actor, Services& services) {
  Response response;
  Uid job_uid;
  services.db([&](db::Connection& connection) {
    db::with_retry([&] {
      db::Transaction transaction(connection);
      db::lock_team_import(transaction, require_team_import(connection, actor, request.uid()).job.id);
      const FoundTeamImport found = require_team_import(connection, actor, request.uid());
      require_undoable(connection, found);
      db::NewJob job;
      job.kind = job::JobKind::team;
      job.params = Json::object({{"undo", found.job.uid.text()}, {"filename", found.team_import.filename}});
      job.request_id = request.request_id;
      const db::JobRef ref = db::insert_job(transaction, actor, job).ref();
      db::insert_team_undo(transaction, actor, ref.id, found.team_import);
      job_uid = ref.uid;
      response = accepted("/team/" + ref.uid.text(),
                          team_import_json(require_team_import(connection, actor, ref.uid)));
      keep_answer(transaction, request, actor, response);
      transaction.commit();
    });
  });
  services.doorbell.ring(job_uid);
  return response;
}

}  // namespace sluice::fcgi
