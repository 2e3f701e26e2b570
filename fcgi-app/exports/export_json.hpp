// SPDX-License-Identifier: MIT
// An export as JSON: its job, what was asked for, and the file once there is one.
#pragma once
#include "core/base/json.hpp"
#include "core/db/export_table.hpp"
#include "core/db/job_table.hpp"

namespace sluice::fcgi {

/// The members of job_json(), and: dataset{uid,name}, from, to, date_column, columns, values, header,
/// delimiter, compression, formulas, rows, bytes, sha256, file{url,name,expires_at} (null unless it is to be
/// had), expires_at, expired, deleted.
Json export_json(const db::JobRow& job, const db::Export& e);

/// "sales 2016-01-01 to 2016-12-31.csv": the name a download is offered under.
std::string download_name(const db::Export& e);

}  // namespace sluice::fcgi
