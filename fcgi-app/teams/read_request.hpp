// SPDX-License-Identifier: MIT
// What POST /team was asked to do.
#pragma once
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi {

struct TeamImportOptions {
  bool dry_run = false;
  bool skip_errors = false;  ///< on_error=skip
  Json columns;              ///< {field: column of the file}, of those that were chosen; null: none was
};

/// ?dry_run&on_error&team_column&name_column&email_column&role_column. Error invalid `team.options`.
TeamImportOptions team_import_options(const Request& request);

/// {"upload": uid, "columns": {"team": "Squad", …}?}: the upload; the columns go into `options`. Errors:
/// `request.members`, `team.options`.
Uid read_upload_body(const Request& request, TeamImportOptions& options);

/// `on_error` of the query; Error invalid `team.options`.
bool skip_errors_of(const Request& request, bool otherwise);

}  // namespace sluice::fcgi
