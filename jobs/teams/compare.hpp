// SPDX-License-Identifier: MIT
// A batch of rows compared with what is known: with each other, with earlier rows of the file, with the teams
// there are.
#pragma once
#include <span>
#include <vector>

#include "core/db/team_import_lookup.hpp"
#include "core/db/team_import_table.hpp"
#include "jobs/teams/similar_names.hpp"

namespace sluice::teams {

/// Sets the status of each good row (created, updated, unchanged; error for a member who is in the team
/// already by an earlier row), says which ones are the first of their team and e-mail, adds warnings, and
/// counts. `known` has an answer for each good row, in order.
/// `names` learns the batch's teams.
db::TeamCounts compare_rows(std::span<db::TeamImportRow> rows, std::span<const db::KnownPair> known,
                            SimilarNames& names);

}  // namespace sluice::teams
