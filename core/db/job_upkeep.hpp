// SPDX-License-Identifier: MIT
// What runners do for jobs that nobody holds: rings made good, leavings taken away, sweeps queued.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/leased_job.hpp"

namespace sluice::db {

/// Jobs whose ring is overdue; the next ring is put off (1 s, doubled up to 30 s), so that each is rung by
/// one finder.
std::vector<Uid> take_due_bells(Connection& connection, std::uint32_t limit);
/// All queued jobs are rung again by the reconciler at once.
void owe_all_bells(Connection& connection);

/// Cancelled jobs (and those restarted since) whose leavings have to go, each given to one caller for 30 s.
std::vector<LeasedJob> take_cleanups(Connection& connection, std::uint32_t limit);
void finish_cleanup(Connection& connection, std::uint64_t job_id);

/// Queues a sweep unless one waits, runs, or was queued in the last `every`. Returns its uid when it was.
std::optional<Uid> queue_sweep(Connection& connection, std::chrono::seconds every);

}  // namespace sluice::db
