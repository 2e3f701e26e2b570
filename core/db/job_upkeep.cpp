// SPDX-License-Identifier: MIT
#include "core/db/job_upkeep.hpp"

#include <utility>

#include "core/db/job_table.hpp"
#include "core/db/owner_load_table.hpp"
#include "core/db/placeholders.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {
namespace {

constexpr const char* kAnyBellDue =
    "SELECT 1 FROM jobs WHERE bell_at <= UTC_TIMESTAMP(6) AND state = 'queued' AND cleanup_pending = 0 LIMIT "
    "1";
constexpr const char* kDueBells =
    "SELECT id, uid FROM jobs WHERE bell_at <= UTC_TIMESTAMP(6) AND state = 'queued' AND cleanup_pending = 0 "
    "ORDER BY bell_at LIMIT ? FOR UPDATE SKIP LOCKED";
// Twice as long as it waits already, between 1 and 30 s.
constexpr const char* kPutOff =
    "UPDATE jobs SET bell_at = UTC_TIMESTAMP(6) + INTERVAL LEAST(30, GREATEST(1, TIMESTAMPDIFF(SECOND, "
    "due_at, UTC_TIMESTAMP(6)))) SECOND "
    "WHERE id IN ";
constexpr const char* kOweAll =
    "UPDATE jobs SET bell_at = due_at WHERE state = 'queued' AND bell_at > UTC_TIMESTAMP(6)";

constexpr const char* kCleanups =
    "WHERE cleanup_pending = 1 AND state IN ('cancelled', 'queued', 'paused', 'failed') "
    "AND (bell_at IS NULL OR bell_at <= UTC_TIMESTAMP(6)) LIMIT ?";
constexpr const char* kTakeCleanup =
    "UPDATE jobs SET bell_at = UTC_TIMESTAMP(6) + INTERVAL 30 SECOND WHERE id = ? AND cleanup_pending = 1 "
    "AND state IN ('cancelled', 'queued', 'paused', 'failed') AND (bell_at IS NULL OR bell_at <= "
    "UTC_TIMESTAMP(6))";
constexpr const char* kFinishCleanup =
    "UPDATE jobs SET cleanup_pending = 0, bell_at = IF(state = 'queued', UTC_TIMESTAMP(6), NULL) WHERE id = "
    "?";

constexpr const char* kLastSweep =
    "SELECT state IN ('queued', 'running') OR created_at > UTC_TIMESTAMP(6) - INTERVAL ? SECOND FROM jobs "
    "WHERE owner_id = 0 AND kind = 'sweep' ORDER BY id DESC LIMIT 1";
constexpr int kSweepPriority = 9;

}  // namespace

std::vector<Uid> take_due_bells(Connection& connection, std::uint32_t limit) {
  std::vector<Uid> due;
  if (!connection.select_one(kAnyBellDue)) return due;
  with_retry([&] {
    due.clear();
    Transaction transaction(connection);
    std::vector<Value> ids;
    for (const Row& row : connection.select(kDueBells, {limit})) {
      ids.emplace_back(row.u64(0));
      due.push_back(row.uid(1));
    }
    // One statement: nobody can start these jobs until it is committed.
    if (!ids.empty()) connection.execute(kPutOff + placeholders(ids.size()), ids);
    transaction.commit();
  });
  return due;
}

void owe_all_bells(Connection& connection) {
  with_retry([&] { connection.execute(kOweAll); });
}

std::vector<LeasedJob> take_cleanups(Connection& connection, std::uint32_t limit) {
  std::vector<LeasedJob> jobs;
  for (const Row& row : connection.select(std::string(kLeasedColumns) + kCleanups, {limit})) {
    LeasedJob job = leased_job_of(row);
    // Restarted meanwhile: what has to go belongs to the runs before.
    if (job.state == job::State::queued || job.state == job::State::paused) --job.run_no;
    if (connection.execute(kTakeCleanup, {job.id}).rows == 1) jobs.push_back(std::move(job));
  }
  return jobs;
}

void finish_cleanup(Connection& connection, std::uint64_t job_id) {
  connection.execute(kFinishCleanup, {job_id});
}

std::optional<Uid> queue_sweep(Connection& connection, std::chrono::seconds every) {
  std::optional<Uid> uid;
  with_retry([&] {
    uid.reset();
    Transaction transaction(connection);
    add_owner_load(connection, 0, 0, 0);  // locks the row: one runner at a time decides
    const auto last = connection.select_one(kLastSweep, {every.count()});
    if (last && last->flag(0)) return;
    uid = insert_job(transaction, Actor{0, "runner", true},
                     {job::JobKind::sweep, Json::object(), {}, "", kSweepPriority})
              .uid;
    transaction.commit();
  });
  return uid;
}

}  // namespace sluice::db
