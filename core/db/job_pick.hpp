// SPDX-License-Identifier: MIT
// Which of one owner's jobs starts next. Whose turn it is, is job_choice's matter.
#pragma once
#include <optional>
#include <vector>

#include "core/db/job_choice.hpp"
#include "core/db/owner_load_table.hpp"
#include "core/db/result.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

/// Locks the owner's first due job of these kinds, of priority `last` or less, and returns its row
/// (kLeasedColumns): the first by priority and age, a minute of waiting being worth one step. Jobs that
/// others are about to start or to move are passed over; when there are no others of any priority, quarantine
/// waits up to two seconds for the first of them, unless a kind has a limit. Throws DatabaseError.
std::optional<Row> pick_job(Transaction& transaction, const ClaimRules& rules,
                            const std::vector<job::JobKind>& kinds, const OwnerLoad& owner, int last);

}  // namespace sluice::db
