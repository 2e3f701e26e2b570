// SPDX-License-Identifier: MIT
// What one can ask of exports; the addresses are in routes.cpp, an export's uid is its job's.
#pragma once
#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi {

/// POST /export: pins what is published now and queues the job. 202 with Location; `same_as` names an older
/// export of the same request over the same data that is still under way; null also when none could be looked
/// for. Errors: those of read_request.hpp, 404 `export.dataset_not_found`.
Response create_export(Request& request, const Actor& actor, Services& services);

/// POST /export/estimate, with the body of POST /export: {rows, rows_exact, bytes, date_column, least,
/// greatest}; starts nothing and reads no row. Errors: those of read_request.hpp, 404
/// `export.dataset_not_found`.
Response estimate_export(Request& request, const Actor& actor, Services& services);

/// ?state=&dataset=
Response list_exports(Request& request, const Actor& actor, Services& services);
Response show_export(Request& request, const Actor& actor, Services& services);
/// 409 `export.not_ready` until it succeeded, 410 `export.expired` or `export.deleted` after its time.
Response download_export(Request& request, const Actor& actor, Services& services);
/// Under way: cancels, 202 and the job. Ended: 204, and its file is gone.
Response delete_export(Request& request, const Actor& actor, Services& services);

Response pause_export(Request& request, const Actor& actor, Services& services);
Response resume_export(Request& request, const Actor& actor, Services& services);
Response retry_export(Request& request, const Actor& actor, Services& services);

}  // namespace sluice::fcgi
