// SPDX-License-Identifier: MIT
// A job as JSON: the one form in which every answer shows it (overview, section 8).
#pragma once
#include <optional>

#include "core/base/json.hpp"
#include "core/db/job_event_table.hpp"
#include "core/db/job_table.hpp"

namespace sluice::fcgi {

/// uid, kind, state (as shown), progress, attempt, run, times, error, result, links. `links` holds self,
/// events, those of pause, resume, cancel and retry that can have an effect now, and the kind's own things
/// (upload, team, export, file).
Json job_json(const db::JobRow& job);

/// {phase, records_done, records_total, bytes_done, bytes_total, per_second, eta_seconds, percent}. `percent`
/// is a whole number or null while there is no total; 100 only for a job that succeeded, since nothing counts
/// before the commit.
Json progress_json(const db::JobRow& job);

/// {id, at, actor, event, epoch, detail}
Json event_json(const db::JobEvent& event);

/// Seconds after which a client should look again, while something is going on; nothing for a job that rests.
std::optional<int> retry_after_of(const db::JobRow& job);

}  // namespace sluice::fcgi
