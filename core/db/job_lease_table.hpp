// SPDX-License-Identifier: MIT
// Table `jobs` as runners see it: checkpoint, renewal, settlement, take-over. Every change is a guarded
// UPDATE that must hit one row; the guard is the epoch, which each claim (job_choice.hpp) and take-over
// raises.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/leased_job.hpp"
#include "core/db/transaction.hpp"
#include "core/job/state.hpp"

namespace sluice::db {

/// After a lost connection or an unanswered COMMIT: whatever job this holder's slot has, held again under a
/// new epoch, with the cursor as it was really committed (an unfinished transaction of the old connection
/// waits no more: its fence fails). Nothing when the slot holds none any more.
std::optional<LeasedJob> hold_again(Connection& connection, const Holder& holder);

/// One hold, as the fence knows it.
struct Lease {
  std::uint64_t job_id = 0;
  std::uint64_t epoch = 0;
  std::uint64_t owner_id = 0;
  std::string holder;  ///< for the history
};

struct StoredProgress {
  std::string phase;
  std::uint64_t records_done = 0;
  std::optional<std::uint64_t> records_total;
  std::uint64_t bytes_done = 0;
  std::optional<std::uint64_t> bytes_total;
  std::optional<double> records_per_second;
  std::optional<double> bytes_per_second;
};

// Each of these returns false, and changed nothing, when the guard did not hold.

/// Cursor and progress; raises lease_seq.
bool checkpoint_job(Transaction& transaction, const Lease& lease, std::string_view cursor_json,
                    const StoredProgress& progress);
/// Progress alone; raises lease_seq.
bool renew_lease(Connection& connection, const Lease& lease, const std::optional<StoredProgress>& progress);
/// Guard: not to be cancelled. `progress`: the last one, where it was not written yet.
bool settle_succeeded(Transaction& transaction, const Lease& lease, std::string_view result_json,
                      const std::optional<StoredProgress>& progress = {});
/// Guard: not to be cancelled. Phase `review`.
bool settle_review(Transaction& transaction, const Lease& lease);
/// Guard: to be paused.
bool settle_paused(Transaction& transaction, const Lease& lease);
/// Guard: to be cancelled. What is left is for clean_up, which begins after `clean_up_after` or with
/// let_clean_up, whichever comes first: nobody may still be writing then.
bool settle_cancelled(Transaction& transaction, const Lease& lease,
                      std::chrono::seconds clean_up_after = std::chrono::seconds{0});
/// The holder of a job that was cancelled from outside has let go of it.
void let_clean_up(Connection& connection, const Lease& lease);
/// Guard: to be run. Queued again, due after `delay`, for a reason that is no attempt.
bool settle_yielded(Transaction& transaction, const Lease& lease, std::chrono::milliseconds delay,
                    std::string_view code, std::string_view detail);
/// Guard: to be run. Queued again with one more attempt.
bool settle_retry(Transaction& transaction, const Lease& lease, std::chrono::milliseconds delay,
                  std::string_view code, std::string_view detail);
/// Guard: not to be cancelled.
bool settle_failed(Transaction& transaction, const Lease& lease, std::string_view code,
                   std::string_view detail);

/// How a job stands, for who lost track.
struct Standing {
  std::uint64_t job_id = 0;
  std::uint64_t epoch = 0;
  job::State state = job::State::queued;
  job::Want want = job::Want::run;
  std::uint32_t want_seq = 0;
};
std::vector<Standing> standings(Connection& connection, const std::vector<std::uint64_t>& job_ids);

/// A running job as a finder sees it.
struct SeenLease {
  std::uint64_t job_id = 0;
  Uid uid;
  std::uint64_t owner_id = 0;
  std::uint64_t epoch = 0;
  std::uint64_t lease_seq = 0;
  std::uint64_t runner_id = 0;
  std::uint64_t connection_id = 0;
  double silent_seconds = 0;  ///< since it was last renewed, by the database's clock: to be shown, no proof
};
std::vector<SeenLease> running_leases(Connection& connection);

/// Takes a dead holder's job away (guard: epoch and lease_seq as seen); what becomes of it follows its
/// owner's wish: queued, paused or cancelled, or failed when it crashed its runner too often. Returns the new
/// state.
std::optional<job::State> take_over(Connection& connection, const SeenLease& seen, bool count_crash,
                                    std::string_view finder);

}  // namespace sluice::db
