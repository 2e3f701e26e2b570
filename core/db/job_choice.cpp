// SPDX-License-Identifier: MIT
#include "core/db/job_choice.hpp"

#include <algorithm>
#include <utility>

#include "core/db/job_event_table.hpp"
#include "core/db/job_table.hpp"
#include "core/db/owner_load_table.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {
namespace {

// Jobs that somebody else is about to start or to move are skipped, never waited for: several slots start
// jobs of one owner at the same time.
constexpr const char* kPickFrom = "FORCE INDEX (pick) WHERE state = 'queued' AND owner_id = ? AND ";
constexpr const char* kPickOrder = " ORDER BY priority, id LIMIT ";
constexpr const char* kAt = "priority = ? AND ";
// With the bare column it were a range, and InnoDB would also lock the entry behind its end: another owner's.
constexpr const char* kUpTo = "priority + 0 <= ? AND ";
constexpr const char* kDue =
    "want = 'run' AND due_at <= UTC_TIMESTAMP(6) AND cleanup_pending = 0 AND crash_count ";
constexpr const char* kAndLock = " FOR UPDATE SKIP LOCKED";
constexpr const char* kAndWaitForLock = " FOR UPDATE WAIT 1";
constexpr const char* kById = "WHERE id = ? AND state = 'queued' AND ";
// One or two dives into the index. (DISTINCT reads all of the owner's entries: MariaDB 10.11 does not skip.)
constexpr const char* kPriorities =
    "SELECT MIN(priority), MAX(priority) FROM jobs FORCE INDEX (pick) WHERE state = 'queued' AND owner_id = "
    "?";
constexpr const char* kNextPriority =
    "SELECT MIN(priority) FROM jobs FORCE INDEX (pick) WHERE state = 'queued' AND owner_id = ? AND priority "
    "> "
    "?";
constexpr const char* kAged =
    "SELECT priority - TIMESTAMPDIFF(SECOND, due_at, UTC_TIMESTAMP(6)) DIV 60 FROM jobs ";
// The least running (by weight) first, then who waited longest; beside each how many long jobs run in all.
constexpr const char* kWaiting =
    "SELECT owner_id, queued, running, (SELECT COUNT(*) FROM jobs FORCE INDEX (live) WHERE state = 'running' "
    "AND priority > ?) FROM owner_load WHERE queued > 0 ORDER BY running / weight, last_start_at LIMIT ?";
constexpr const char* kRunningByKind =
    "SELECT kind, COUNT(*) FROM jobs FORCE INDEX (live) WHERE state = 'running' GROUP BY kind";
constexpr int kAnyPriority = 127;  // TINYINT
constexpr const char* kClaim =
    "UPDATE jobs SET state = 'running', epoch = epoch + 1, lease_seq = lease_seq + 1, runner_id = ?, "
    "connection_id = ?, leased_at = UTC_TIMESTAMP(6), "
    "bell_at = NULL, error_code = NULL, error_detail = NULL, records_per_second = NULL, bytes_per_second = "
    "NULL, "
    "started_at = COALESCE(started_at, UTC_TIMESTAMP(6)) WHERE id = ? AND state = 'queued' AND want = 'run'";

/// What a job must be, besides queued, to be started by these rules.
std::string due_clause(const ClaimRules& rules) {
  return std::string(kDue) + (rules.quarantine ? ">= " : "< ") + std::to_string(kCrashesToQuarantine);
}

/// "FORCE INDEX … WHERE …" of the first due jobs, of the kinds that may start, of an owner at some
/// priorities.
std::string pick_clause(const ClaimRules& rules, const std::vector<job::JobKind>& kinds,
                        std::string_view priorities, int most = 1) {
  std::string sql = kPickFrom;
  sql.append(priorities).append(due_clause(rules)).append(" AND kind IN (");
  for (const job::JobKind kind : kinds) sql += "'" + std::string(job::name_of(kind)) + "',";
  sql.back() = ')';
  return sql + kPickOrder + std::to_string(most);
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
    running[static_cast<std::size_t>(known_word(job::parse_kind(row.text(0))))] =
        static_cast<int>(row.i64(1));
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
  const auto ends = connection.select_one(kPriorities, {owner_id});
  if (!ends || ends->is_null(0) || ends->i64(0) > last) return {};
  const std::int64_t least = ends->i64(0), most = std::min<std::int64_t>(ends->i64(1), last);
  if (least == most) return {least};
  std::vector<std::pair<std::int64_t, std::int64_t>> aged{{least, least}};  // as it counts, as it is
  while (aged.back().second < most) {
    const auto row = connection.select_one(kNextPriority, {owner_id, aged.back().second});
    if (!row || row->is_null(0) || row->i64(0) > most) break;
    aged.emplace_back(row->i64(0), row->i64(0));
  }
  for (auto& [counts, priority] : aged)
    if (const auto row = connection.select_one(kAged + clause, {owner_id, priority})) counts = row->i64(0);
  std::sort(aged.begin(), aged.end());
  std::vector<std::int64_t> priorities;
  for (const auto& each : aged) priorities.push_back(each.second);
  return priorities;
}

/// Locks the first due job of an owner at some priorities: found without locks, then locked by its id.
std::optional<Row> find_and_lock(Connection& connection, const ClaimRules& rules,
                                 const std::vector<job::JobKind>& kinds, std::string_view priorities,
                                 const std::vector<Value>& values) {
  // Claims that pass over a job of quarantine's lock it for a moment, again and again: it is waited for.
  const std::string by_id = kLeasedColumns + std::string(kById) + due_clause(rules) +
                            (rules.quarantine ? kAndWaitForLock : kAndLock);
  // Others may take the first ones meanwhile, and more than one can look at when it is held up for long.
  for (const int most : {1, 8, 8, 8, 8, 8}) {
    const Rows found =
        connection.select("SELECT id FROM jobs " + pick_clause(rules, kinds, priorities, most), values);
    for (const Row& row : found)
      if (auto job = connection.select_one(by_id, {row.u64(0)})) return job;
    if (found.empty()) break;
  }
  return std::nullopt;
}

/// Locks the first due job of an owner at some priorities.
///
/// A locking read keeps the lock on all that it has looked at in vain until the transaction ends, and other
/// claims skip that. Whoever may start everything looks at little in vain: what is not due, and what only
/// quarantine starts. Who takes only some (quarantine, a runner that is short of memory) reads without locks
/// first.
std::optional<Row> lock_first(Connection& connection, const ClaimRules& rules,
                              const std::vector<job::JobKind>& kinds, std::string_view priorities,
                              const std::vector<Value>& values) {
  if (rules.quarantine || kinds.size() < rules.kind_limits.size())
    return find_and_lock(connection, rules, kinds, priorities, values);
  const Rows rows =
      connection.select(kLeasedColumns + pick_clause(rules, kinds, priorities) + kAndLock, values);
  return rows.empty() ? std::nullopt : std::optional(rows.front());
}

std::optional<Row> pick(Connection& connection, const ClaimRules& rules,
                        const std::vector<job::JobKind>& kinds, const OwnerLoad& owner, int last) {
  // One job alone needs no comparison of what waits at each priority. (That there is one was read before this
  // transaction: if another one has come since, the two may start in the wrong order.)
  if (owner.queued == 1) return lock_first(connection, rules, kinds, kUpTo, {owner.owner_id, last});
  for (const std::int64_t priority :
       priorities_of(connection, pick_clause(rules, kinds, kAt), owner.owner_id, last))
    if (auto row = lock_first(connection, rules, kinds, kAt, {owner.owner_id, priority})) return row;
  return std::nullopt;
}

struct Round {
  bool capped;        ///< only owners who run fewer than their share
  int last_priority;  ///< only jobs up to this one
};

/// One owner's first due job. His row comes last: it is what all claims of his jobs wait for.
std::optional<LeasedJob> claim_of(Connection& connection, const Holder& holder, const ClaimRules& rules,
                                  const OwnerLoad& owner, const Round& round) {
  const std::optional<int> share = round.capped ? std::optional(rules.owner_jobs) : std::nullopt;
  if (share && owner.running >= *share) return std::nullopt;
  Transaction transaction(connection);
  const auto kinds = kinds_below_limits(transaction, rules);
  if (kinds.empty()) return std::nullopt;
  const auto row = pick(connection, rules, kinds, owner, round.last_priority);
  if (!row) return std::nullopt;
  LeasedJob job = leased_job_of(*row);
  if (connection.execute(kClaim, {holder.runner_id, holder.connection_id, job.id}).rows != 1)
    return std::nullopt;
  ++job.epoch;
  job.state = job::State::running;
  insert_job_event(connection, job.id, holder.name, "started", job.epoch);
  if (!start_owner_job(transaction, owner.owner_id, share)) return std::nullopt;
  transaction.commit();
  return job;
}

std::optional<LeasedJob> claim_round(Connection& connection, const Holder& holder, const ClaimRules& rules,
                                     const std::vector<OwnerLoad>& owners, int last_priority) {
  if (owners.size() > 1) {
    for (const OwnerLoad& owner : owners)
      if (auto job = claim_of(connection, holder, rules, owner, {true, last_priority})) return job;
  }
  // Nobody below his share has a job that could start: the slot is not left idle for that.
  for (const OwnerLoad& owner : owners)
    if (auto job = claim_of(connection, holder, rules, owner, {false, last_priority})) return job;
  return std::nullopt;
}

std::optional<LeasedJob> claim_fairest(Connection& connection, const Holder& holder,
                                       const ClaimRules& rules) {
  constexpr std::uint32_t kOwners = 16;
  std::vector<OwnerLoad> owners;
  std::int64_t long_running = 0;
  for (const Row& row : connection.select(kWaiting, {kShortPriority, kOwners})) {
    owners.push_back({row.u64(0), static_cast<int>(row.i64(1)), static_cast<int>(row.i64(2))});
    long_running = row.i64(3);
  }
  if (owners.empty() || rules.kinds.empty()) return std::nullopt;
  if (rules.most_long_jobs && long_running >= *rules.most_long_jobs)
    if (auto job = claim_round(connection, holder, rules, owners, kShortPriority)) return job;
  return claim_round(connection, holder, rules, owners, kAnyPriority);
}

}  // namespace

std::optional<LeasedJob> claim_job(Connection& connection, const Holder& holder, const ClaimRules& rules) {
  std::optional<LeasedJob> job;
  with_retry([&] { job = claim_fairest(connection, holder, rules); });
  return job;
}

}  // namespace sluice::db
