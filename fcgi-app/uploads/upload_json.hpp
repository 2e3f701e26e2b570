// SPDX-License-Identifier: MIT
// An upload as JSON.
#pragma once
#include "core/base/json.hpp"
#include "core/db/upload_table.hpp"
#include "core/db/upload_view.hpp"

namespace sluice::fcgi::uploads {

/// uid, state, concat, purpose, filename, length, offset, fingerprint, options, sha256, times, import,
/// dataset, job, links.
Json upload_json(const db::Upload& upload, const db::UploadOutcome& outcome);

}  // namespace sluice::fcgi::uploads
