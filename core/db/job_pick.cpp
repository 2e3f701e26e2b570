// SPDX-License-Identifier: MIT
// A locking read keeps the lock on all that it has looked at in vain until the transaction ends, and other
// claims skip that. Whoever may start everything looks at little in vain: what is not due, and what only
// quarantine starts. Who takes only some jobs (quarantine, a runner that is short of memory) therefore finds
// them without locks first.
#include "core/db/job_pick.hpp"

#include <algorithm>
#include <utility>

#include "core/db/error.hpp"
#include "core/db/job_table.hpp"
#include "core/db/mariadb.hpp"

namespace sluice::db {
namespace {

constexpr const char* kPickFrom = "FORCE INDEX (pick) WHERE state = 'queued' AND owner_id = ? AND ";
constexpr const char* kPickOrder = " ORDER BY priority, id LIMIT ";
constexpr const char* kAt = "priority = ? AND ";
// With the bare column it were a range, and InnoDB would also lock the entry behind its end: another owner's.
constexpr const char* kUpTo = "priority + 0 <= ? AND ";
constexpr const char* kDue =
    "want = 'run' AND due_at <= UTC_TIMESTAMP(6) AND cleanup_pending = 0 AND crash_count ";
// Jobs that somebody else is about to start or to move are skipped: several slots start jobs of one owner at
// the same time.
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
// Of a claim that finds first and locks then: others may take what it found, and more than that when it is
// held up in between.
constexpr int kLooks = 6, kCandidates = 8;

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

std::string by_id_clause(const ClaimRules& rules) {
  return kLeasedColumns + std::string(kById) + due_clause(rules);
}

/// Locks the first due job of an owner at some priorities: found without locks, then locked by its id.
/// `held_up`: the first one that somebody else has locked, if it says none yet.
std::optional<Row> find_and_lock(Connection& connection, const ClaimRules& rules,
                                 const std::vector<job::JobKind>& kinds, std::string_view priorities,
                                 const std::vector<Value>& values, std::optional<std::uint64_t>& held_up) {
  const std::string by_id = by_id_clause(rules) + kAndLock;
  for (int look = 0; look < kLooks; ++look) {
    const int most = look == 0 ? 1 : kCandidates;
    const Rows found =
        connection.select("SELECT id FROM jobs " + pick_clause(rules, kinds, priorities, most), values);
    for (const Row& row : found)
      if (auto job = connection.select_one(by_id, {row.u64(0)})) return job;
    if (found.empty()) break;
    if (!held_up && look + 1 == kLooks) held_up = found.front().u64(0);
  }
  return std::nullopt;
}

/// Locks the first due job of an owner at some priorities.
std::optional<Row> lock_first(Connection& connection, const ClaimRules& rules,
                              const std::vector<job::JobKind>& kinds, std::string_view priorities,
                              const std::vector<Value>& values, std::optional<std::uint64_t>& held_up) {
  if (rules.quarantine || kinds.size() < rules.kind_limits.size())
    return find_and_lock(connection, rules, kinds, priorities, values, held_up);
  const Rows rows =
      connection.select(kLeasedColumns + pick_clause(rules, kinds, priorities) + kAndLock, values);
  return rows.empty() ? std::nullopt : std::optional(rows.front());
}

/// Claims that pass over a job of quarantine's lock it for a moment, again and again: it is waited for.
std::optional<Row> wait_for(Connection& connection, const ClaimRules& rules, std::uint64_t job_id) {
  try {
    return connection.select_one(by_id_clause(rules) + kAndWaitForLock, {job_id});
  } catch (const DatabaseError& error) {
    if (error.number() != ER_LOCK_WAIT_TIMEOUT) throw;
    return std::nullopt;  // it stays locked, and other owners have jobs, too
  }
}

}  // namespace

std::optional<Row> pick_job(Transaction& transaction, const ClaimRules& rules,
                            const std::vector<job::JobKind>& kinds, const OwnerLoad& owner, int last) {
  Connection& connection = transaction.connection();
  std::optional<std::uint64_t> held_up;
  if (owner.queued == 1) {
    // One job alone needs no comparison of what waits at each priority. (That there is one was read before
    // this transaction: if another one has come since, the two may start in the wrong order.)
    if (auto row = lock_first(connection, rules, kinds, kUpTo, {owner.owner_id, last}, held_up)) return row;
  } else {
    for (const std::int64_t priority :
         priorities_of(connection, pick_clause(rules, kinds, kAt), owner.owner_id, last))
      if (auto row = lock_first(connection, rules, kinds, kAt, {owner.owner_id, priority}, held_up))
        return row;
  }
  // Where kinds have limits claims take turns, and whoever waited would hold up all of them.
  if (!held_up || !rules.quarantine || rules.has_kind_limits()) return std::nullopt;
  return wait_for(connection, rules, *held_up);
}

}  // namespace sluice::db
