// SPDX-License-Identifier: MIT
#include "core/db/job_table.hpp"

#include "core/db/job_event_table.hpp"
#include "core/db/owner_load_table.hpp"
#include "core/db/placeholders.hpp"

namespace sluice::db {
namespace {

using job::JobKind;
using job::State;
using job::Want;
using job::WishOutcome;

constexpr const char* kInsert =
    "INSERT INTO jobs(uid, owner_id, kind, state, priority, due_at, bell_at, params, bytes_total, "
    "request_id, created_at) "
    "VALUES(?, ?, ?, 'queued', ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 SECOND, ?, ?, ?, "
    "UTC_TIMESTAMP(6)) RETURNING ";

constexpr const char* kColumns =
    "id, uid, owner_id, kind, state, want, want_seq, epoch, attempt, max_attempts, crash_count, run_no, "
    "params, "
    "phase, records_done, records_total, bytes_done, bytes_total, records_per_second, bytes_per_second, "
    "result, error_code, error_detail, cleanup_pending, request_id, created_at, started_at, finished_at";

constexpr const char* kOfDataset =
    " AND (id IN (SELECT job_id FROM exports WHERE dataset_id = ?) OR id IN (SELECT job_id FROM imports "
    "WHERE dataset_id = ?))";
constexpr const char* kByUid = "uid = ? AND (owner_id = ? OR ?)";
constexpr const char* kById = "id = ?";

// Wishes. Each is guarded by the state (and wish) it was decided on and must hit one row.
constexpr const char* kSetWant =
    "UPDATE jobs SET want = ?, want_seq = want_seq + 1 WHERE id = ? AND state = 'running' AND want <> "
    "'cancel'";
constexpr const char* kPauseQueued =
    "UPDATE jobs SET state = 'paused', want = 'run', bell_at = NULL WHERE id = ? AND state = 'queued'";
constexpr const char* kResumePaused =
    "UPDATE jobs SET state = 'queued', want = 'run', due_at = UTC_TIMESTAMP(6), "
    "bell_at = UTC_TIMESTAMP(6) + INTERVAL 1 SECOND WHERE id = ? AND state = 'paused'";
constexpr const char* kCancelResting =
    "UPDATE jobs SET state = 'cancelled', want = 'run', bell_at = NULL, cleanup_pending = 1, "
    "finished_at = UTC_TIMESTAMP(6), error_code = NULL, error_detail = NULL WHERE id = ? AND state IN "
    "('queued', 'paused')";
constexpr const char* kRetryFailed =
    "UPDATE jobs SET state = 'queued', want = 'run', attempt = 0, crash_count = 0, error_code = NULL, "
    "error_detail = NULL, finished_at = NULL, expires_at = NULL, due_at = UTC_TIMESTAMP(6), "
    "bell_at = UTC_TIMESTAMP(6) + INTERVAL 1 SECOND WHERE id = ? AND state = 'failed'";
// From zero: what the old run left may still have to be cleaned up; nobody claims the job before that.
constexpr const char* kRestartCancelled =
    "UPDATE jobs SET state = 'queued', want = 'run', run_no = run_no + 1, attempt = 0, crash_count = 0, "
    "cursor_json = NULL, "
    "phase = NULL, records_done = 0, records_total = NULL, bytes_done = 0, records_per_second = NULL, "
    "bytes_per_second = NULL, result = NULL, started_at = NULL, finished_at = NULL, expires_at = NULL, "
    "due_at = UTC_TIMESTAMP(6), bell_at = GREATEST(COALESCE(bell_at, due_at), UTC_TIMESTAMP(6) + INTERVAL 1 "
    "SECOND) WHERE id = ? AND state = 'cancelled'";

template <typename E>
E known(const std::optional<E>& parsed) {
  if (!parsed) throw Error(Kind::internal, "db.enum", "jobs holds a word that is not known");
  return *parsed;
}

std::optional<std::string> maybe_time(const Row& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return rfc3339_of(row.text(column));
}

std::optional<double> maybe_real(const Row& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return row.real(column);
}

JobRow job_row_of(const Row& row) {
  JobRow job;
  job.id = row.u64(0);
  job.uid = row.uid(1);
  job.owner_id = row.u64(2);
  job.kind = known(job::parse_kind(row.text(3)));
  job.state = known(job::parse_state(row.text(4)));
  job.want = known(job::parse_want(row.text(5)));
  job.want_seq = static_cast<std::uint32_t>(row.u64(6));
  job.epoch = row.u64(7);
  job.attempt = static_cast<int>(row.i64(8));
  job.max_attempts = static_cast<int>(row.i64(9));
  job.crash_count = static_cast<int>(row.i64(10));
  job.run_no = static_cast<int>(row.i64(11));
  job.params = parse_stored_json(row.text(12));
  job.phase = row.maybe_text(13);
  job.records_done = row.u64(14);
  job.records_total = row.maybe_u64(15);
  job.bytes_done = row.u64(16);
  job.bytes_total = row.maybe_u64(17);
  job.records_per_second = maybe_real(row, 18);
  job.bytes_per_second = maybe_real(row, 19);
  if (!row.is_null(20)) job.result = parse_stored_json(row.text(20));
  job.error_code = row.maybe_text(21);
  job.error_detail = row.maybe_text(22);
  job.cleanup_pending = row.flag(23);
  job.request_id = row.maybe_text(24).value_or("");
  job.created_at = rfc3339_of(row.text(25));
  job.started_at = maybe_time(row, 26);
  job.finished_at = maybe_time(row, 27);
  return job;
}

std::string select_where(std::string_view condition) {
  return std::string("SELECT ") + kColumns + " FROM jobs WHERE " + std::string(condition);
}

std::optional<JobRow> select_job(Connection& connection, std::string_view condition,
                                 std::initializer_list<Value> values) {
  const auto row = connection.select_one(select_where(condition), values);
  if (!row) return std::nullopt;
  return job_row_of(*row);
}

/// " AND name IN ('a','b')" of words that are ours.
template <typename E>
std::string in_list(const char* name, const std::vector<E>& allowed) {
  if (allowed.empty()) return {};
  std::string out = std::string(" AND ") + name + " IN (";
  for (const E& each : allowed) out += "'" + std::string(job::name_of(each)) + "',";
  out.back() = ')';
  return out;
}

WishOutcome outcome_of(Wish wish, const JobRow& job) {
  switch (wish) {
    case Wish::pause:
      return job::outcome_of_pause(job.state, job.want);
    case Wish::resume:
      return job::outcome_of_resume(job.state, job.want);
    case Wish::cancel:
      return job::outcome_of_cancel(job.state, job.want);
    case Wish::retry:
      return job::outcome_of_retry(job.state, job.want);
  }
  return WishOutcome::impossible;
}

struct Change {
  const char* sql;
  const char* event;
  int queued;  ///< what it does to the owner's load
};

/// The transition that fulfils the wish without a runner.
Change change_of(Wish wish, State from) {
  switch (wish) {
    case Wish::pause:
      return {kPauseQueued, "paused", -1};
    case Wish::resume:
      return {kResumePaused, "resumed", +1};
    case Wish::cancel:
      return {kCancelResting, "cancelled", from == State::queued ? -1 : 0};
    case Wish::retry:
      break;
  }
  if (from == State::failed) return {kRetryFailed, "retried", +1};
  return {kRestartCancelled, "restarted", +1};
}

void require_one(const Effect& effect) {
  if (effect.rows != 1) throw Error(Kind::internal, "job.wish", "a job changed although its row was locked");
}

void set_want(Transaction& transaction, const Actor& actor, const JobRow& job, Wish wish) {
  const Want want = wish == Wish::pause ? Want::pause : wish == Wish::cancel ? Want::cancel : Want::run;
  require_one(transaction.connection().execute(kSetWant, {job::name_of(want), job.id}));
  const char* event = wish == Wish::pause    ? "pause_requested"
                      : wish == Wish::cancel ? "cancel_requested"
                                             : "resume_requested";
  insert_job_event(transaction, job.id, actor.name, event, job.epoch);
}

void move_now(Transaction& transaction, const Actor& actor, const JobRow& job, Wish wish) {
  const Change change = change_of(wish, job.state);
  require_one(transaction.connection().execute(change.sql, {job.id}));
  insert_job_event(transaction, job.id, actor.name, change.event, job.epoch);
  if (change.queued != 0) add_owner_load(transaction, job.owner_id, change.queued, 0);
}

}  // namespace

std::string rfc3339_of(std::string_view database_time) {
  std::string out(database_time);
  if (const auto space = out.find(' '); space != std::string::npos) out[space] = 'T';
  return out + "Z";
}

JobRow insert_job(Transaction& transaction, const Actor& actor, const NewJob& job) {
  const std::string params = job.params.text();
  const auto bytes = job.bytes_to_read ? job.bytes_to_read : job.bytes_total;
  const int by_size = bytes && *bytes < kShortBytes ? kShortPriority : kLongPriority;
  const JobRow row =
      job_row_of(transaction.connection()
                     .select_one(std::string(kInsert) + kColumns,
                                 {Uid::random(), actor.owner_id, job::name_of(job.kind),
                                  job.priority.value_or(by_size), params, job.bytes_total,
                                  job.request_id.empty() ? Value(nullptr) : Value(job.request_id)})
                     .value());
  insert_job_event(transaction, row.id, actor.name, "queued", 0);
  add_owner_load(transaction, actor.owner_id, +1, 0);
  return row;
}

std::optional<JobRow> find_job(Connection& connection, const Actor& actor, const Uid& uid) {
  return select_job(connection, kByUid, {uid, actor.owner_id, static_cast<unsigned>(actor.admin)});
}

std::optional<JobRow> find_job_by_id(Connection& connection, std::uint64_t id) {
  return select_job(connection, kById, {id});
}

std::vector<JobRow> find_jobs_by_id(Connection& connection, const std::vector<std::uint64_t>& ids) {
  std::vector<JobRow> jobs;
  if (ids.empty()) return jobs;
  const std::vector<Value> values(ids.begin(), ids.end());
  const std::string sql = select_where("id IN ") + placeholders(ids.size());
  for (const Row& row : connection.select(sql, values)) jobs.push_back(job_row_of(row));
  return jobs;
}

JobList list_jobs(Connection& connection, const Actor& actor, const JobFilter& filter, std::uint32_t limit,
                  std::optional<std::uint64_t> before) {
  const std::string sql = select_where("owner_id = ? AND id < ?") + in_list("state", filter.states) +
                          in_list("kind", filter.kinds) + (filter.dataset_id ? kOfDataset : "") +
                          " ORDER BY id DESC LIMIT ?";
  std::vector<Value> values = {actor.owner_id, before.value_or(INT64_MAX)};
  if (filter.dataset_id) values.insert(values.end(), 2, *filter.dataset_id);
  values.push_back(limit + 1);
  const Rows rows = connection.select(sql, values);
  JobList list;
  for (const Row& row : rows) {
    if (list.jobs.size() == limit) {
      list.next_before = list.jobs.back().id;
      break;
    }
    list.jobs.push_back(job_row_of(row));
  }
  return list;
}

std::optional<WishResult> apply_wish(Transaction& transaction, const Actor& actor, const Uid& uid,
                                     Wish wish) {
  const std::string locked = std::string(kByUid) + " FOR UPDATE";
  auto job =
      select_job(transaction, locked.c_str(), {uid, actor.owner_id, static_cast<unsigned>(actor.admin)});
  if (!job) return std::nullopt;
  const WishOutcome outcome = outcome_of(wish, *job);
  if (outcome == WishOutcome::already || outcome == WishOutcome::impossible)
    return WishResult{outcome, std::move(*job)};
  if (outcome == WishOutcome::set_want) {
    set_want(transaction, actor, *job, wish);
  } else {
    move_now(transaction, actor, *job, wish);
  }
  auto after = find_job_by_id(transaction, job->id);
  if (!after) throw Error(Kind::internal, "job.wish", "a locked job is gone");
  return WishResult{outcome, std::move(*after)};
}

std::optional<WishResult> apply_wish(Connection& connection, const Actor& actor, const Uid& uid, Wish wish) {
  std::optional<WishResult> result;
  with_retry([&] {
    Transaction transaction(connection);
    result = apply_wish(transaction, actor, uid, wish);
    transaction.commit();
  });
  return result;
}

}  // namespace sluice::db
