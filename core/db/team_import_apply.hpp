// SPDX-License-Identifier: MIT
// The good rows of a checked team import become teams, members and memberships: a few statements over whole
// sets, all in the caller's transaction, so that nobody sees half of it.
#pragma once
#include <cstdint>

#include "core/db/team_import_table.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

/// Locks the owner's teams_version until the transaction ends: imports of one owner are applied one after the
/// other.
std::uint64_t lock_teams_version(Transaction& transaction, std::uint64_t owner_id);

/// Call with the version locked and found equal to the one that was checked against. Raises the version.
/// Throws Error internal `team.apply_count` when it did not come to what the check had counted: a defect of
/// ours, roll back.
void apply_team_import(Transaction& transaction, const TeamImport& team_import);

}  // namespace sluice::db
