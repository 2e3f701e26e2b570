// SPDX-License-Identifier: MIT
#include "core/db/job_lease_table.hpp"

#include "core/db/job_event_table.hpp"
#include "core/db/owner_load_table.hpp"
#include "core/db/placeholders.hpp"

namespace sluice::db {
namespace {

using job::State;
using job::Want;

constexpr const char* kHoldAgain =
    "UPDATE jobs SET epoch = epoch + 1, lease_seq = lease_seq + 1, leased_at = UTC_TIMESTAMP(6), "
    "connection_id = ? WHERE runner_id = ? AND "
    "state = 'running'";
constexpr const char* kHeldBy = "WHERE runner_id = ? AND state = 'running'";

constexpr const char* kProgress =
    "phase = ?, records_done = ?, records_total = ?, bytes_done = ?, bytes_total = ?, records_per_second = "
    "?, "
    "bytes_per_second = ?, lease_seq = lease_seq + 1, leased_at = UTC_TIMESTAMP(6)";
constexpr const char* kHeld = " WHERE id = ? AND epoch = ? AND state = 'running'";
constexpr const char* kRenew =
    "UPDATE jobs SET lease_seq = lease_seq + 1, leased_at = UTC_TIMESTAMP(6) WHERE id = ? AND epoch = ? AND "
    "state = 'running'";

/// The values of kProgress; `p` must outlive them.
std::vector<Value> values_of(const StoredProgress& p) {
  return {p.phase,       p.records_done,       p.records_total,   p.bytes_done,
          p.bytes_total, p.records_per_second, p.bytes_per_second};
}

// Settlements: "UPDATE jobs SET " + what + released + guard.
constexpr const char* kReleased =
    ", want = 'run', runner_id = NULL, connection_id = NULL WHERE id = ? AND epoch = ? AND state = 'running' "
    "AND ";
constexpr const char* kNotCancelled = "want <> 'cancel'";
constexpr const char* kRequeue =
    "UPDATE jobs SET state = 'queued', due_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, "
    "bell_at = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, error_code = ?, error_detail = ?, attempt = "
    "attempt + ?";

constexpr const char* kLetCleanUp =
    "UPDATE jobs SET bell_at = NULL WHERE id = ? AND epoch = ? AND state = 'cancelled' AND cleanup_pending = "
    "1";

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

std::optional<LeasedJob> hold_again(Connection& connection, const Holder& holder) {
  std::optional<LeasedJob> job;
  with_retry([&] {
    job.reset();
    Transaction transaction(connection);
    if (connection.execute(kHoldAgain, {holder.connection_id, holder.runner_id}).rows == 0) return;
    const auto row = connection.select_one(std::string(kLeasedColumns) + kHeldBy, {holder.runner_id});
    if (row) job = leased_job_of(*row);
    transaction.commit();
  });
  return job;
}

bool checkpoint_job(Transaction& transaction, const Lease& lease, std::string_view cursor_json,
                    const StoredProgress& p) {
  std::vector<Value> values = values_of(p);
  values.insert(values.begin(), cursor_json);
  values.insert(values.end(), {lease.job_id, lease.epoch});
  const std::string sql = std::string("UPDATE jobs SET cursor_json = ?, ") + kProgress + kHeld;
  return transaction.connection().execute(sql, values).rows == 1;
}

bool renew_lease(Connection& connection, const Lease& lease, const std::optional<StoredProgress>& p) {
  if (!p) return connection.execute(kRenew, {lease.job_id, lease.epoch}).rows == 1;
  std::vector<Value> values = values_of(*p);
  values.insert(values.end(), {lease.job_id, lease.epoch});
  return connection.execute(std::string("UPDATE jobs SET ") + kProgress + kHeld, values).rows == 1;
}

bool settle_succeeded(Transaction& transaction, const Lease& lease, std::string_view result_json,
                      const std::optional<StoredProgress>& progress) {
  std::string sql = "UPDATE jobs SET state = 'succeeded', result = ?, finished_at = UTC_TIMESTAMP(6)";
  std::vector<Value> values{result_json};
  if (progress) {
    sql.append(", ").append(kProgress);
    for (const Value& value : values_of(*progress)) values.push_back(value);
  }
  return settle(transaction, lease, sql + kReleased + kNotCancelled, std::move(values), "succeeded", 0);
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
    all.push_back({row.u64(0), row.u64(1), known_word(job::parse_state(row.text(2))),
                   known_word(job::parse_want(row.text(3))), static_cast<std::uint32_t>(row.u64(4))});
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
    const Want want = known_word(job::parse_want(row->text(0)));
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

}  // namespace sluice::db
