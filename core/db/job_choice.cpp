// SPDX-License-Identifier: MIT
#include "core/db/job_choice.hpp"

#include <algorithm>
#include <utility>

#include "core/db/job_event_table.hpp"
#include "core/db/job_pick.hpp"
#include "core/db/job_table.hpp"
#include "core/db/owner_load_table.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {
namespace {

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

/// Those of the rules' kinds that run less often than they may. The row of the sweep's owner is the mutex of
/// all claims then: what is counted is true until the commit. It is locked before any other owner's row, as a
/// recount does.
std::vector<job::JobKind> kinds_below_limits(Transaction& transaction, const ClaimRules& rules) {
  if (!rules.has_kind_limits()) return rules.kinds;
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
  const auto row = pick_job(transaction, rules, kinds, owner, round.last_priority);
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

bool ClaimRules::has_kind_limits() const {
  return std::any_of(kind_limits.begin(), kind_limits.end(), [](int most) { return most > 0; });
}

std::optional<LeasedJob> claim_job(Connection& connection, const Holder& holder, const ClaimRules& rules) {
  std::optional<LeasedJob> job;
  with_retry([&] { job = claim_fairest(connection, holder, rules); });
  return job;
}

}  // namespace sluice::db
