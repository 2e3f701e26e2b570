// SPDX-License-Identifier: MIT
#include "core/db/team_import_table.hpp"
#include "core/db/team_table.hpp"
#include "fcgi-app/idempotency.hpp"
#include "fcgi-app/teams/find.hpp"
#include "fcgi-app/teams/handlers.hpp"
#include "fcgi-app/teams/read_request.hpp"

namespace sluice::fcgi {
namespace {

void require_committable(db::Connection& connection, const FoundTeamImport& found, bool skip_errors) {
  const db::TeamImport& t = found.team_import;
  if (!is_in_review(found)) {
    const std::string state(t.applied ? "created already"
                                      : job::shown_state(found.job.state, found.job.want, found.job.attempt));
    throw Error(Kind::conflict, "team.not_in_review", state,
                "This import is " + state + ". Only a checked one that waits for review can be created.");
  }
  if (db::teams_version(connection, t.owner_id) != t.checked_version) {
    throw Error(Kind::precondition, "team.changed", "other teams now",
                "The teams were changed after this file was checked. Resume the check (POST "
                "/jobs/{uid}/resume) to have it checked again, then look at it anew.");
  }
  if (t.counts.errors > 0 && !skip_errors) {
    throw Error(Kind::invalid, "team.rows_have_errors", "errors",
                std::to_string(t.counts.errors) +
                    " rows have errors. Send on_error=skip to create the good rows, or mend the report and "
                    "upload it again.");
  }
}

}  // namespace

Response commit_team_import(Request& request, const Actor& actor, Services& services) {
  Response response;
  bool ring = false;
  services.db([&](db::Connection& connection) {
    db::with_retry([&] {
      db::Transaction transaction(connection);
      FoundTeamImport found = require_team_import(connection, actor, request.uid());
      const bool skip_errors = skip_errors_of(request, found.team_import.skip_errors);
      require_committable(connection, found, skip_errors);
      db::commit_team_import(transaction, found.job.id, skip_errors);
      const auto wish = db::apply_wish(transaction, actor, request.uid(), db::Wish::resume);
      if (!wish || !wish->ring())
        throw Error(Kind::conflict, "team.not_in_review", "moved on",
                    "This import has moved on; look at it again.");
      ring = true;
      found = require_team_import(connection, actor, request.uid());
      response = accepted("/team/" + request.uid().text(), team_import_json(found));
      keep_answer(transaction, request, actor, response);
      transaction.commit();
    });
  });
  if (ring) services.doorbell.ring(request.uid());
  return response;
}

}  // namespace sluice::fcgi
