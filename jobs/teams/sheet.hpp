// SPDX-License-Identifier: MIT
// How a team file is written, and which of its columns is which.
#pragma once
#include "core/csv/byte_source.hpp"
#include "core/csv/dialect.hpp"
#include "jobs/teams/columns.hpp"

namespace sluice::teams {

struct Sheet {
  csv::Dialect dialect;
  Columns columns;  ///< complete
};

/// Errors invalid, with what to do about it: `team.not_text`, `team.empty`, `team.missing_column`,
/// `team.unknown_column`.
Sheet find_sheet(csv::ByteSource& source, const ColumnChoice& choice);

}  // namespace sluice::teams
