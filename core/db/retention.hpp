// SPDX-License-Identifier: MIT
// What the sweep takes away when its time is over. Every function does a batch of at most `limit` and returns
// how many it did, so that no commit is long; call again while it returns `limit`.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/db/connection.hpp"
#include "core/db/job_lease_table.hpp"

namespace sluice::db {

std::uint64_t forget_expired_keys(Connection& connection, std::uint32_t limit);

/// Ended jobs get the time until which their history is kept.
std::uint64_t date_ended_jobs(Connection& connection, std::chrono::seconds history, std::uint32_t limit);
/// Ended jobs whose time is over and that nothing visible needs: the history of a file that can still be had,
/// or of rows that are still published, stays.
std::vector<LeasedJob> expired_jobs(Connection& connection, std::uint32_t limit);
/// Removes the job with its events and its kind's own row.
void forget_job(Connection& connection, std::uint64_t job_id);

/// Rows of runners that ended, or were last seen, more than a day ago and hold nothing.
std::uint64_t forget_old_runners(Connection& connection, std::uint32_t limit);

/// Imports that were published and undone or replaced since, and whose rows are still there.
std::vector<std::uint64_t> undone_imports(Connection& connection, std::uint32_t limit);
/// Its rows are gone: it belongs to no dataset any more.
void forget_undone_import(Connection& connection, std::uint64_t import_id);

/// May this job's files on the disk be removed? True when there is no such job, or it has ended without a
/// file to keep.
bool is_without_files(Connection& connection, const Uid& job);
/// May the assembled file of this upload be removed? True when there is no such upload or it is gone.
bool is_without_upload(Connection& connection, const Uid& upload);

}  // namespace sluice::db
