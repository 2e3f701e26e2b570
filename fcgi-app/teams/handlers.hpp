// SPDX-License-Identifier: MIT
// What one can ask of team imports and of teams; the addresses are in routes.cpp, an import's uid is its
// job's.
#pragma once
#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi {

/// POST /team?dry_run=1&on_error=abort|skip: a CSV file as the body (text/csv), or {"upload": uid}
/// (application/json). The file becomes a complete upload and its job is queued, in one transaction. 202 with
/// Location. Errors: `team.options`, `team.empty`, `team.upload_incomplete`, `upload.not_found`,
/// `upload.gone`, `upload.no_space`.
Response create_team_import(Request& request, const Actor& actor, Services& services);
/// POST /team/{uid}/commit?on_error=abort|skip: what a check found is created. 202. Errors: 409
/// `team.not_in_review`, 412 `team.changed` (the teams are others than those that were checked against), 422
/// `team.rows_have_errors`.
Response commit_team_import(Request& request, const Actor& actor, Services& services);

/// POST /team/{uid}/undo: queues a team import that takes this one back. 202 with Location. Errors: 409
/// `team.not_committed`, `team.undone`, `team.undo_running`. The job itself fails with `team.in_use` while
/// something depends on what the import created.
Response undo_team_import(Request& request, const Actor& actor, Services& services);

Response list_team_imports(Request& request, const Actor& actor, Services& services);
Response show_team_import(Request& request, const Actor& actor, Services& services);
/// ?status=created|updated|unchanged|error
Response list_team_import_rows(Request& request, const Actor& actor, Services& services);
/// The file's rows in its order as CSV, with _row, _status and _error behind; 409 `team.not_checked` before.
Response team_import_report(Request& request, const Actor& actor, Services& services);

/// ?search=
Response list_groups(Request& request, const Actor& actor, Services& services);
/// ?search=&formulas=keep|escape: every membership as team,name,email,role, a file that POST /team takes
/// again.
Response groups_csv(Request& request, const Actor& actor, Services& services);
Response show_group(Request& request, const Actor& actor, Services& services);

}  // namespace sluice::fcgi
