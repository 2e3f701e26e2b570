// SPDX-License-Identifier: MIT
// Table `owner_load`: how many jobs of each owner wait and run, so that the fairest is found without
// counting. Order of locks: a job's row, then its owner's row, as late as can be: all that one owner's jobs
// do meets there. Where several jobs are moved at once, or claims have limits by kind (row 0 first), another
// order is possible; what a deadlock undoes is repeated (with_retry).
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

/// Adds to the counts; makes the row when it is the owner's first job. Part of the transaction that moves the
/// job.
void add_owner_load(Connection& connection, std::uint64_t owner_id, int queued, int running);

struct OwnerLoad {
  std::uint64_t owner_id = 0;
  int queued = 0;
  int running = 0;
};

/// One job of the owner starts: queued - 1, running + 1, last_start_at = now. False, and nothing changed,
/// when he runs `most_running` already or has no row.
bool start_owner_job(Transaction& transaction, std::uint64_t owner_id, std::optional<int> most_running);

/// Counts anew from `jobs` (drift cannot add up).
void recount_owner_load(Connection& connection);

}  // namespace sluice::db
