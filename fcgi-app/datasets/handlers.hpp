// SPDX-License-Identifier: MIT
// What one can ask of datasets; the addresses are in routes.cpp. Errors: 404 `dataset.not_found`,
// `import.not_found`.
#pragma once
#include "core/base/actor.hpp"
#include "core/db/dataset_table.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi {

Response list_datasets(Request& request, const Actor& actor, Services& services);
Response show_dataset(Request& request, const Actor& actor, Services& services);
/// `?limit&cursor`: values as uploaded, a bare empty field as null. `?column=` with `equals=`, `least=` and
/// `greatest=`, or `null=true`: those rows only. 422 `dataset.filter`, `dataset.unknown_column`.
Response list_rows(Request& request, const Actor& actor, Services& services);
/// `?limit` 1..50: the most frequent values of a column among at most 20,000 rows from all over the dataset,
/// by their first 100 bytes. 404 `dataset.column_not_found`.
Response top_values(Request& request, const Actor& actor, Services& services);
Response list_rejects(Request& request, const Actor& actor, Services& services);
/// The rejected records with the file's columns and _line, _column, _error: to be mended and uploaded again.
Response rejects_csv(Request& request, const Actor& actor, Services& services);
/// The same of an upload's newest import, also of one that failed: at most the first 10,000 of those that
/// made it fail.
Response list_upload_rejects(Request& request, const Actor& actor, Services& services);
Response upload_rejects_csv(Request& request, const Actor& actor, Services& services);
/// 204; invisible at once.
Response delete_dataset(Request& request, const Actor& actor, Services& services);
/// Undo of one import: 204, its rows are invisible at once.
Response delete_import(Request& request, const Actor& actor, Services& services);

/// The actor's published dataset, or Error not_found `dataset.not_found`.
db::Dataset require_dataset(db::Connection& connection, const Actor& actor, const Uid& uid);

}  // namespace sluice::fcgi
