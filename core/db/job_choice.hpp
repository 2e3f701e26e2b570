// SPDX-License-Identifier: MIT
// Which job starts next.
#pragma once
#include <array>
#include <optional>
#include <vector>

#include "core/db/connection.hpp"
#include "core/db/leased_job.hpp"

namespace sluice::db {

struct ClaimRules {
  std::vector<job::JobKind> kinds;  ///< what the runner knows
  bool quarantine = false;          ///< take the jobs that crashed a runner twice, and no others
  int owner_jobs = 5;               ///< of one owner at once while another owner's job could start instead
  /// While so many long jobs run, a short one goes first, whoever's it is: the rest of the slots is for short
  /// ones as long as there are any. Nothing: no slots are kept.
  std::optional<int> most_long_jobs;
  /// Jobs of a kind at once, by JobKind; 0 = no limit of its own.
  std::array<int, 4> kind_limits{};
  bool has_kind_limits() const;
};

/// Claims the fairest due job: the owner with the least running first, of it the first by priority and age
/// (a minute of waiting is worth one step of priority, so nothing waits for ever).
/// Nothing when none is due. Repeats itself on `db.conflict`. Takes milliseconds; quarantine up to two
/// seconds for each owner of a job that somebody else keeps locked (job_pick.hpp), which it leaves for
/// another time.
std::optional<LeasedJob> claim_job(Connection& connection, const Holder& holder, const ClaimRules& rules);

}  // namespace sluice::db
