// SPDX-License-Identifier: MIT
// The body of POST /export, read and checked against the dataset it names.
#pragma once
#include "core/base/actor.hpp"
#include "core/db/connection.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/export_request.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi {

/// What the body says, before any dataset was looked at. Errors (422 unless said otherwise): those of
/// JsonRequest, `export.date` (no such day), `export.date_range` (from is after to), `export.delimiter`,
/// `export.columns`.
struct ExportBody {
  std::string dataset;  ///< a uid or a name
  db::ExportRequest request;
};
ExportBody read_export_body(const Request& request);

/// Ties the request to its dataset: uid, name, the date column. Errors: `export.no_date_column` (dates
/// without a column of dates, or a column that holds none), `export.unknown_column`.
void settle_on(const db::Dataset& dataset, db::ExportRequest& request);

}  // namespace sluice::fcgi
