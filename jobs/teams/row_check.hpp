// SPDX-License-Identifier: MIT
// What one record of a team file says, and what is wrong with it by itself.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/csv/record.hpp"
#include "core/db/team_import_table.hpp"
#include "jobs/teams/columns.hpp"

namespace sluice::teams {

inline constexpr std::size_t kMostNameCharacters = 200;  // of a team, of a member
inline constexpr std::size_t kMostEmailCharacters = 254;

enum class Severity { error, warning };
/// Adds to row.errors. A warning does not keep the row from being created.
void add_issue(db::TeamImportRow& row, Severity severity, std::string_view field, std::string_view code,
               std::string message, std::string hint = {});
/// The row becomes one with errors: its keys go, so that nothing finds it.
void make_error(db::TeamImportRow& row);

/// A row or a reject of the reader. Without errors its status is "created" until it is compared with what is
/// known; with errors "error".
db::TeamImportRow check_record(const csv::Record& record, const Columns& columns, std::uint64_t row_no);

/// An address as people write it: HTML's rule for e-mail, beyond ASCII allowed, and a dot in the part after
/// the @.
bool is_email(std::string_view text);

}  // namespace sluice::teams
