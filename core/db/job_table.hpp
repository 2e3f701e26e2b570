// SPDX-License-Identifier: MIT
// Table `jobs` as those see it that start work and look at it. What runners do with it is in
// job_lease_table.hpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/actor.hpp"
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"
#include "core/job/state.hpp"

namespace sluice::db {

/// Jobs over less than kShortBytes are short ones: people wait for them, so they go before the others, and
/// some slots are kept for them.
inline constexpr std::uint64_t kShortBytes = 10'000'000;
inline constexpr int kShortPriority = 3;
inline constexpr int kLongPriority = 5;

struct NewJob {
  job::JobKind kind = job::JobKind::imports;
  Json params = Json::object();
  std::optional<std::uint64_t> bytes_total;
  std::string request_id;       ///< of the request that caused it; may be empty
  std::optional<int> priority;  ///< lower goes first; nothing: by how much there is to read
  std::optional<std::uint64_t> bytes_to_read = {};  ///< nothing: bytes_total
};

struct JobRef {
  std::uint64_t id = 0;
  Uid uid;
};

/// A job as people see it. Times are RFC 3339 UTC with microseconds.
struct JobRow {
  std::uint64_t id = 0;
  Uid uid;
  std::uint64_t owner_id = 0;
  job::JobKind kind = job::JobKind::imports;
  job::State state = job::State::queued;
  job::Want want = job::Want::run;
  std::uint32_t want_seq = 0;
  std::uint64_t epoch = 0;
  int attempt = 0;
  int max_attempts = 0;
  int crash_count = 0;
  int run_no = 1;
  Json params;
  std::optional<std::string> phase;
  std::uint64_t records_done = 0;
  std::optional<std::uint64_t> records_total;
  std::uint64_t bytes_done = 0;
  std::optional<std::uint64_t> bytes_total;
  std::optional<double> records_per_second;  ///< smoothed by the runner, of this phase
  std::optional<double> bytes_per_second;
  std::optional<Json> result;
  std::optional<std::string> error_code;
  std::optional<std::string> error_detail;
  bool cleanup_pending = false;
  std::string request_id;
  std::string created_at;
  std::optional<std::string> started_at;
  std::optional<std::string> finished_at;

  JobRef ref() const { return {id, uid}; }
};

/// Queues a job in the transaction of its cause: row, event "queued", the owner's load, bell_at = now + 1 s.
/// Ring the doorbell after the commit.
JobRow insert_job(Transaction& transaction, const Actor& actor, const NewJob& job);

/// The actor's job; nothing when it does not exist or is another owner's (an admin sees all).
std::optional<JobRow> find_job(Connection& connection, const Actor& actor, const Uid& uid);
/// By its inner id, for those who found that id in a row of the actor's.
std::optional<JobRow> find_job_by_id(Connection& connection, std::uint64_t id);
/// Those that are there of many, in no order, by one query.
std::vector<JobRow> find_jobs_by_id(Connection& connection, const std::vector<std::uint64_t>& ids);

struct JobFilter {
  std::vector<job::State> states;           ///< empty: all
  std::vector<job::JobKind> kinds;          ///< empty: all
  std::optional<std::uint64_t> dataset_id;  ///< imports into it and exports of it
};
struct JobList {
  std::vector<JobRow> jobs;                  ///< newest first
  std::optional<std::uint64_t> next_before;  ///< give it as `before` to go on; nothing at the end
};
/// Jobs of the actor with id < `before`, at most `limit`.
JobList list_jobs(Connection& connection, const Actor& actor, const JobFilter& filter, std::uint32_t limit,
                  std::optional<std::uint64_t> before = {});

/// What people may ask of a job.
enum class Wish { pause, resume, cancel, retry };

struct WishResult {
  job::WishOutcome outcome;
  JobRow job;  ///< as it is after the wish
  /// set_want: publish the signal after the commit. move_now to queued: ring the doorbell after it.
  bool signal() const { return outcome == job::WishOutcome::set_want; }
  bool ring() const { return outcome == job::WishOutcome::move_now && job.state == job::State::queued; }
};

/// Writes a wish down, or makes the transition at once where no runner is needed (jobs.md 2.1), with its
/// event, in the caller's transaction. Nothing when there is no such job. Changes nothing when it is
/// `already` or `impossible`.
std::optional<WishResult> apply_wish(Transaction& transaction, const Actor& actor, const Uid& uid, Wish wish);
/// The same in a transaction of its own, repeated on `db.conflict`.
std::optional<WishResult> apply_wish(Connection& connection, const Actor& actor, const Uid& uid, Wish wish);

/// "2017-03-01 12:00:00.000000" of the database as RFC 3339 UTC.
std::string rfc3339_of(std::string_view database_time);

}  // namespace sluice::db
