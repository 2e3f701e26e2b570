// SPDX-License-Identifier: MIT
#include "core/db/job_lease_table.hpp"

#include <algorithm>
#include <utility>

#include "core/db/job_event_table.hpp"
#include "core/db/job_table.hpp"
#include "core/db/owner_load_table.hpp"
#include "core/db/placeholders.hpp"

namespace sluice::db {
namespace {

using job::State;
using job::Want;

constexpr const char* kLeasedColumns =
    "SELECT id, uid, owner_id, kind, params, cursor_json, phase, epoch, want_seq, want, attempt, "
    "max_attempts, run_no, "
    "cleanup_pending, state, request_id, TIMESTAMPDIFF(MICROSECOND, due_at, UTC_TIMESTAMP(6)) / 1e6 FROM "
    "jobs ";

// The claim. Whoever inserts or moves a job locks its row first and its owner's row after; here it is the
// other way round, so jobs that are locked are skipped, never waited for.
constexpr const char* kPick =
    "FORCE INDEX (pick) WHERE state = 'queued' AND owner_id = ? AND priority = ? AND want = 'run' AND due_at "
    "<= UTC_TIMESTAMP(6) AND cleanup_pending = 0 AND crash_count ";
constexpr const char* kPickOrder = " ORDER BY id LIMIT 1";
constexpr const char* kAndLock = " FOR UPDATE SKIP LOCKED";
// One dive into the index. (DISTINCT reads all of the owner's entries: MariaDB 10.11 does not skip.)
constexpr const char* kNextPriority =
    "SELECT MIN(priority) FROM jobs FORCE INDEX (pick) WHERE state = 'queued' AND owner_id = ? AND priority "
    "> "
    "?";
constexpr const char* kAged =
    "SELECT priority - TIMESTAMPDIFF(SECOND, due_at, UTC_TIMESTAMP(6)) DIV 60 FROM jobs ";
constexpr const char* kLongRunning =
    "SELECT COUNT(*) FROM jobs FORCE INDEX (live) WHERE state = 'running' AND priority > ?";
constexpr const char* kRunningByKind =
    "SELECT kind, COUNT(*) FROM jobs FORCE INDEX (live) WHERE state = 'running' GROUP BY kind";
constexpr int kAnyPriority = 127;  // TINYINT
constexpr int kBeforeAny = -129;
constexpr const char* kClaim =
    "UPDATE jobs SET state = 'running', epoch = epoch + 1, lease_seq = lease_seq + 1, runner_id = ?, "
    "connection_id = ?, leased_at = UTC_TIMESTAMP(6), "
    "bell_at = NULL, error_code = NULL, error_detail = NULL, records_per_second = NULL, bytes_per_second = "
    "NULL, "
    "started_at = COALESCE(started_at, UTC_TIMESTAMP(6)) WHERE id = ? AND state = 'queued' AND want = 'run'";
constexpr const char* kHoldAgain =
    "UPDATE jobs SET epoch = epoch + 1, lease_seq = lease_seq + 1, leased_at = UTC_TIMESTAMP(6), "
    "connection_id = ? WHERE runner_id = ? AND "
    "state = 'running'";
constexpr const char* kHeldBy = "WHERE runner_id = ? AND state = 'running'";

constexpr const char* kCheckpoint =
    "UPDATE jobs SET cursor_json = ?, phase = ?, records_done = ?, records_total = ?, bytes_done = ?, "
    "bytes_total = ?, "
    "records_per_second = ?, bytes_per_second = ?, lease_seq = lease_seq + 1, leased_at = UTC_TIMESTAMP(6) "
    "WHERE id = ? AND epoch = ? AND "
    "state = 'running'";
constexpr const char* kRenewWithProgress =
    "UPDATE jobs SET phase = ?, records_done = ?, records_total = ?, bytes_done = ?, bytes_total = ?, "
    "records_per_second = ?, bytes_per_second = ?, lease_seq = lease_seq + 1, leased_at = UTC_TIMESTAMP(6) "
    "WHERE id = ? AND epoch = ? AND "
    "state = 'running'";
constexpr const char* kRenew =
    "UPDATE jobs SET lease_seq = lease_seq + 1, leased_at = UTC_TIMESTAMP(6) WHERE id = ? AND epoch = ? AND "
    "state = 'running'";

// Settlements: "UPDATE jobs SET " + what + released + guard.
constexpr const char* kReleased =
    ", want = 'run', runner_id = NULL, connection_id = NULL WHERE id = ? AND epoch = ? AND state = 'running' "
    "AND ";
constexpr const char* kNotCancelled = "want <> 'cancel'";
constexpr const char* kRequeue =
    "UPDATE jobs SET state = 'queued', due_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, "
    "bell_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, error_code = ?, error_detail = ?, attempt = "
    "attempt + ?";

constexpr const char* kStandings = "SELECT id, epoch, state, want, want_seq FROM jobs WHERE id IN ";
constexpr const char* kRunning =
    "SELECT id, uid, owner_id, epoch, lease_seq, COALESCE(runner_id, 0), COALESCE(connection_id, 0), "
    "COALESCE(TIMESTAMPDIFF(MICROSECOND, leased_at, UTC_TIMESTAMP(6)), 0) / 1e6 FROM jobs WHERE state = "
    "'running'";

constexpr const char* kSeen =
    "SELECT want, crash_count FROM jobs WHERE id = ? AND epoch = ? AND lease_seq = ? AND state = 'running' "
    "FOR UPDATE";
constexpr const char* kTakeOver =
    "UPDATE jobs SET state = ?, want = 'run', epoch = epoch + 1, lease_seq = lease_seq + 1, crash_count = "
    "crash_count + ?, "
    "runner_id = NULL, connection_id = NULL, due_at = UTC_TIMESTAMP(6), bell_at = IF(? = 'queued', "
    "UTC_TIMESTAMP(6), NULL), "
    "cleanup_pending = cleanup_pending OR ? = 'cancelled', "
    "finished_at = IF(? IN ('cancelled', 'failed'), UTC_TIMESTAMP(6), NULL), error_code = ?, error_detail = "
    "? "
    "WHERE id = ? AND epoch = ? AND lease_seq = ? AND state = 'running'";

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
    "WHERE id = ?";
constexpr const char* kOweAll =
    "UPDATE jobs SET bell_at = due_at WHERE state = 'queued' AND bell_at > UTC_TIMESTAMP(6)";

constexpr const char* kCleanups =
    "WHERE cleanup_pending = 1 AND state IN ('cancelled', 'queued', 'paused', 'failed') "
    "AND (bell_at IS NULL OR bell_at <= UTC_TIMESTAMP(6)) LIMIT ?";
constexpr const char* kTakeCleanup =
    "UPDATE jobs SET bell_at = UTC_TIMESTAMP(6) + INTERVAL 30 SECOND WHERE id = ? AND cleanup_pending = 1 "
    "AND state IN ('cancelled', 'queued', 'paused', 'failed') AND (bell_at IS NULL OR bell_at <= "
    "UTC_TIMESTAMP(6))";
constexpr const char* kLetCleanUp =
    "UPDATE jobs SET bell_at = NULL WHERE id = ? AND epoch = ? AND state = 'cancelled' AND cleanup_pending = "
    "1";
constexpr const char* kFinishCleanup =
    "UPDATE jobs SET cleanup_pending = 0, bell_at = IF(state = 'queued', UTC_TIMESTAMP(6), NULL) WHERE id = "
    "?";

constexpr const char* kLastSweep =
    "SELECT state IN ('queued', 'running') OR created_at > UTC_TIMESTAMP(6) - INTERVAL ? SECOND FROM jobs "
    "WHERE owner_id = 0 AND kind = 'sweep' ORDER BY id DESC LIMIT 1";
constexpr int kSweepPriority = 9;

template <typename E>
E known(const std::optional<E>& parsed) {
  if (!parsed) throw Error(Kind::internal, "db.enum", "jobs holds a word that is not known");
  return *parsed;
}

LeasedJob leased_of(const Row& row) {
  LeasedJob job;
  job.id = row.u64(0);
  job.uid = row.uid(1);
  job.owner_id = row.u64(2);
  job.kind = known(job::parse_kind(row.text(3)));
  job.params = parse_stored_json(row.text(4));
  if (!row.is_null(5)) job.cursor = parse_stored_json(row.text(5));
  job.phase = row.maybe_text(6);
  job.epoch = row.u64(7);
  job.want_seq = static_cast<std::uint32_t>(row.u64(8));
  job.want = known(job::parse_want(row.text(9)));
  job.attempt = static_cast<int>(row.i64(10));
  job.max_attempts = static_cast<int>(row.i64(11));
  job.run_no = static_cast<int>(row.i64(12));
  job.cleanup_pending = row.flag(13);
  job.state = known(job::parse_state(row.text(14)));
  job.request_id = row.maybe_text(15).value_or("");
  job.waited_seconds = row.real(16);
  return job;
}

/// "WHERE …" of the first due job of an owner at one priority, of the kinds that may start.
std::string pick_clause(const ClaimRules& rules, const std::vector<job::JobKind>& kinds) {
  std::string sql = std::string(kPick) + (rules.quarantine ? ">= " : "< ") +
                    std::to_string(kCrashesToQuarantine) + " AND kind IN (";
  for (const job::JobKind kind : kinds) sql += "'" + std::string(job::name_of(kind)) + "',";
  sql.back() = ')';
  return sql + kPickOrder;
}

bool has_limits(const ClaimRules& rules) {
  return std::any_of(rules.kind_limits.begin(), rules.kind_limits.end(), [](int most) { return most > 0; });
}

/// Those of the rules' kinds that run less often than they may. The row of the sweep's owner is the mutex of
/// all claims then: what is counted is true until the commit. It is locked before any other owner's row, as a
/// recount does.
std::vector<job::JobKind> kinds_below_limits(Transaction& transaction, const ClaimRules& rules) {
  if (!has_limits(rules)) return rules.kinds;
  add_owner_load(transaction, 0, 0, 0);
  std::array<int, 4> running{};
  for (const Row& row : transaction.connection().select(kRunningByKind))
    running[static_cast<std::size_t>(known(job::parse_kind(row.text(0))))] = static_cast<int>(row.i64(1));
  std::vector<job::JobKind> kinds;
  for (const job::JobKind kind : rules.kinds) {
    const auto at = static_cast<std::size_t>(kind);
    if (rules.kind_limits[at] == 0 || running[at] < rules.kind_limits[at]) kinds.push_back(kind);
  }
  return kinds;
}

/// The owner's priorities up to `last`, the one whose first due job goes first in front: each minute that it
/// has waited counts as one step.
std::vector<std::int64_t> priorities_of(Connection& connection, const std::string& clause,
                                        std::uint64_t owner_id, int last) {
  std::vector<std::pair<std::int64_t, std::int64_t>> aged;  // as it counts, as it is
  for (std::int64_t before = kBeforeAny;;) {
    const auto row = connection.select_one(kNextPriority, {owner_id, before});
    if (!row || row->is_null(0) || row->i64(0) > last) break;
    before = row->i64(0);
    aged.emplace_back(before, before);
  }
  if (aged.size() > 1) {
    for (auto& [counts, priority] : aged)
      if (const auto row = connection.select_one(kAged + clause, {owner_id, priority})) counts = row->i64(0);
    std::sort(aged.begin(), aged.end());
  }
  std::vector<std::int64_t> priorities;
  for (const auto& each : aged) priorities.push_back(each.second);
  return priorities;
}

std::optional<Row> pick(Connection& connection, const std::string& clause, std::uint64_t owner_id, int last) {
  for (const std::int64_t priority : priorities_of(connection, clause, owner_id, last))
    if (auto row = connection.select_one(kLeasedColumns + clause + kAndLock, {owner_id, priority}))
      return row;
  return std::nullopt;
}

struct Round {
  bool capped;        ///< only owners who run fewer than their share
  int last_priority;  ///< only jobs up to this one
};

/// One owner's first due job.
std::optional<LeasedJob> claim_of(Connection& connection, const Holder& holder, const ClaimRules& rules,
                                  std::uint64_t owner_id, const Round& round) {
  Transaction transaction(connection);
  const auto kinds = kinds_below_limits(transaction, rules);
  if (kinds.empty()) return std::nullopt;
  const OwnerLoad load = lock_owner_load(transaction, owner_id);
  if (load.queued <= 0 || (round.capped && load.running >= rules.owner_jobs)) return std::nullopt;
  const auto row = pick(connection, pick_clause(rules, kinds), owner_id, round.last_priority);
  if (!row) return std::nullopt;
  LeasedJob job = leased_of(*row);
  if (connection.execute(kClaim, {holder.runner_id, holder.connection_id, job.id}).rows != 1)
    return std::nullopt;
  ++job.epoch;
  job.state = State::running;
  insert_job_event(connection, job.id, holder.name, "started", job.epoch);
  start_owner_job(transaction, owner_id);
  transaction.commit();
  return job;
}

std::optional<LeasedJob> claim_round(Connection& connection, const Holder& holder, const ClaimRules& rules,
                                     const std::vector<OwnerLoad>& owners, int last_priority) {
  if (owners.size() > 1) {
    for (const OwnerLoad& owner : owners)
      if (auto job = claim_of(connection, holder, rules, owner.owner_id, {true, last_priority})) return job;
  }
  // Nobody below his share has a job that could start: the slot is not left idle for that.
  for (const OwnerLoad& owner : owners)
    if (auto job = claim_of(connection, holder, rules, owner.owner_id, {false, last_priority})) return job;
  return std::nullopt;
}

bool short_ones_go_first(Connection& connection, const ClaimRules& rules) {
  if (!rules.most_long_jobs) return false;
  return connection.select_one(kLongRunning, {kShortPriority})->i64(0) >= *rules.most_long_jobs;
}

std::optional<LeasedJob> claim_fairest(Connection& connection, const Holder& holder,
                                       const ClaimRules& rules) {
  constexpr std::uint32_t kOwners = 16;
  const std::vector<OwnerLoad> owners = owners_waiting(connection, kOwners);
  if (owners.empty() || rules.kinds.empty()) return std::nullopt;
  if (short_ones_go_first(connection, rules))
    if (auto job = claim_round(connection, holder, rules, owners, kShortPriority)) return job;
  return claim_round(connection, holder, rules, owners, kAnyPriority);
}

/// Runs a settlement and, when it hit, its event and what it does to the owner's load.
bool settle(Transaction& transaction, const Lease& lease, const std::string& sql, std::vector<Value> values,
            std::string_view event, int queued, const std::optional<Json>& detail = {}) {
  values.emplace_back(lease.job_id);
  values.emplace_back(lease.epoch);
  if (transaction.connection().execute(sql, values).rows != 1) return false;
  insert_job_event(transaction, lease.job_id, lease.holder, event, lease.epoch, detail);
  add_owner_load(transaction, lease.owner_id, queued, -1);
  return true;
}

bool requeue(Transaction& transaction, const Lease& lease, std::chrono::milliseconds delay,
             std::string_view code, std::string_view detail, int attempts, std::string_view event) {
  const std::int64_t delay_us = std::chrono::microseconds(delay).count();
  const auto text = [](std::string_view s) { return s.empty() ? Value(nullptr) : Value(s); };
  std::optional<Json> event_detail;
  if (!code.empty()) event_detail = Json::object({{"code", code}, {"delay_ms", delay.count()}});
  return settle(transaction, lease, std::string(kRequeue) + kReleased + "want = 'run'",
                {delay_us, delay_us, text(code), text(detail), attempts}, event, +1, event_detail);
}

}  // namespace

std::optional<LeasedJob> claim_job(Connection& connection, const Holder& holder, const ClaimRules& rules) {
  std::optional<LeasedJob> job;
  with_retry([&] { job = claim_fairest(connection, holder, rules); });
  return job;
}

std::optional<LeasedJob> hold_again(Connection& connection, const Holder& holder) {
  std::optional<LeasedJob> job;
  with_retry([&] {
    job.reset();
    Transaction transaction(connection);
    if (connection.execute(kHoldAgain, {holder.connection_id, holder.runner_id}).rows == 0) return;
    const auto row = connection.select_one(std::string(kLeasedColumns) + kHeldBy, {holder.runner_id});
    if (row) job = leased_of(*row);
    transaction.commit();
  });
  return job;
}

bool checkpoint_job(Transaction& transaction, const Lease& lease, std::string_view cursor_json,
                    const StoredProgress& p) {
  return transaction.connection()
             .execute(kCheckpoint,
                      {cursor_json, p.phase, p.records_done, p.records_total, p.bytes_done, p.bytes_total,
                       p.records_per_second, p.bytes_per_second, lease.job_id, lease.epoch})
             .rows == 1;
}

bool renew_lease(Connection& connection, const Lease& lease, const std::optional<StoredProgress>& p) {
  if (!p) return connection.execute(kRenew, {lease.job_id, lease.epoch}).rows == 1;
  return connection
             .execute(kRenewWithProgress,
                      {p->phase, p->records_done, p->records_total, p->bytes_done, p->bytes_total,
                       p->records_per_second, p->bytes_per_second, lease.job_id, lease.epoch})
             .rows == 1;
}

bool settle_succeeded(Transaction& transaction, const Lease& lease, std::string_view result_json) {
  return settle(
      transaction, lease,
      std::string("UPDATE jobs SET state = 'succeeded', result = ?, finished_at = UTC_TIMESTAMP(6)") +
          kReleased + kNotCancelled,
      {result_json}, "succeeded", 0);
}

bool settle_review(Transaction& transaction, const Lease& lease) {
  return settle(transaction, lease,
                std::string("UPDATE jobs SET state = 'paused', phase = 'review'") + kReleased + kNotCancelled,
                {}, "review", 0);
}

bool settle_paused(Transaction& transaction, const Lease& lease) {
  return settle(transaction, lease,
                std::string("UPDATE jobs SET state = 'paused'") + kReleased + "want = 'pause'", {}, "paused",
                0);
}

bool settle_cancelled(Transaction& transaction, const Lease& lease, std::chrono::seconds clean_up_after) {
  return settle(transaction, lease,
                std::string("UPDATE jobs SET state = 'cancelled', cleanup_pending = 1, bell_at = "
                            "UTC_TIMESTAMP(6) + INTERVAL ? SECOND, finished_at = UTC_TIMESTAMP(6)") +
                    kReleased + "want = 'cancel'",
                {clean_up_after.count()}, "cancelled", 0);
}

void let_clean_up(Connection& connection, const Lease& lease) {
  with_retry([&] { connection.execute(kLetCleanUp, {lease.job_id, lease.epoch}); });
}

bool settle_yielded(Transaction& transaction, const Lease& lease, std::chrono::milliseconds delay,
                    std::string_view code, std::string_view detail) {
  return requeue(transaction, lease, delay, code, detail, 0, "yielded");
}

bool settle_retry(Transaction& transaction, const Lease& lease, std::chrono::milliseconds delay,
                  std::string_view code, std::string_view detail) {
  return requeue(transaction, lease, delay, code, detail, 1, "retry_scheduled");
}

bool settle_failed(Transaction& transaction, const Lease& lease, std::string_view code,
                   std::string_view detail) {
  return settle(transaction, lease,
                std::string("UPDATE jobs SET state = 'failed', error_code = ?, error_detail = ?, finished_at "
                            "= UTC_TIMESTAMP(6)") +
                    kReleased + kNotCancelled,
                {code, detail}, "failed", 0, Json::object({{"code", code}}));
}

std::vector<Standing> standings(Connection& connection, const std::vector<std::uint64_t>& job_ids) {
  std::vector<Standing> all;
  // One at a time would be a statement each; the list is as long as a runner has slots.
  if (job_ids.empty()) return all;
  const std::vector<Value> values(job_ids.begin(), job_ids.end());
  for (const Row& row : connection.select(kStandings + placeholders(job_ids.size()), values)) {
    all.push_back({row.u64(0), row.u64(1), known(job::parse_state(row.text(2))),
                   known(job::parse_want(row.text(3))), static_cast<std::uint32_t>(row.u64(4))});
  }
  return all;
}

std::vector<SeenLease> running_leases(Connection& connection) {
  std::vector<SeenLease> leases;
  for (const Row& row : connection.select(kRunning))
    leases.push_back(
        {row.u64(0), row.uid(1), row.u64(2), row.u64(3), row.u64(4), row.u64(5), row.u64(6), row.real(7)});
  return leases;
}

std::optional<job::State> take_over(Connection& connection, const SeenLease& seen, bool count_crash,
                                    std::string_view finder) {
  std::optional<job::State> outcome;
  with_retry([&] {
    outcome.reset();
    Transaction transaction(connection);
    const auto row = connection.select_one(kSeen, {seen.job_id, seen.epoch, seen.lease_seq});
    if (!row) return;
    const Want want = known(job::parse_want(row->text(0)));
    const int crashes = static_cast<int>(row->i64(1)) + (count_crash ? 1 : 0);
    const bool poisonous = crashes >= kCrashesToFail;
    const State next = want == Want::cancel  ? State::cancelled
                       : poisonous           ? State::failed
                       : want == Want::pause ? State::paused
                                             : State::queued;
    const std::string_view state = job::name_of(next);
    const bool failed = next == State::failed;
    const Value code = failed ? Value("job.runner_crashed") : Value(nullptr);
    const Value detail =
        failed ? Value(
                     "The process that worked on this ended abnormally several times. Please report it; "
                     "retry starts it once more.")
               : Value(nullptr);
    if (connection
            .execute(kTakeOver, {state, count_crash ? 1 : 0, state, state, state, code, detail, seen.job_id,
                                 seen.epoch, seen.lease_seq})
            .rows != 1)
      return;
    insert_job_event(connection, seen.job_id, finder, "taken_over", seen.epoch + 1,
                     Json::object({{"state", state}, {"crashes", crashes}}));
    add_owner_load(connection, seen.owner_id, next == State::queued ? 1 : 0, -1);
    transaction.commit();
    outcome = next;
  });
  return outcome;
}

std::vector<Uid> take_due_bells(Connection& connection, std::uint32_t limit) {
  std::vector<Uid> due;
  if (!connection.select_one(kAnyBellDue)) return due;
  with_retry([&] {
    due.clear();
    Transaction transaction(connection);
    for (const Row& row : connection.select(kDueBells, {limit})) {
      connection.execute(kPutOff, {row.u64(0)});
      due.push_back(row.uid(1));
    }
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
    LeasedJob job = leased_of(row);
    // Restarted meanwhile: what has to go belongs to the runs before.
    if (job.state == State::queued || job.state == State::paused) --job.run_no;
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
