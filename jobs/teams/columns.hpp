// SPDX-License-Identifier: MIT
// Which column of a team file is which: as the request says, else by aliases; without case, in any order.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/json.hpp"

namespace sluice::teams {

/// What the request said of the columns. Nothing: by the aliases; "": the file has none for this field.
struct ColumnChoice {
  std::optional<std::string> team, name, email, role;
};
/// The member `columns` of a job's parameters; it may be absent.
ColumnChoice column_choice_from(const Json& params);

struct Columns {
  std::vector<std::string> header;                       ///< as the file has it
  std::optional<std::uint32_t> team, name, email, role;  ///< indexes into header
  std::vector<std::uint32_t> kept;   ///< all but those a report added (_row, _status, _error)
  std::vector<std::string> unknown;  ///< names that were chosen and that the header does not have
  /// A member can be made of each record: there is a team, an e-mail, and all that was chosen.
  bool complete() const { return team && email && unknown.empty(); }
  std::vector<std::string> ignored() const;  ///< names of kept columns that are none of the four
};

/// Two columns that could be the same thing: the better alias, else the first, is taken; the other is
/// ignored. A column that was chosen for one field is not taken by alias for another.
Columns match_columns(std::span<const std::string> header, const ColumnChoice& choice = {});

/// {mapped{team,name,email,role}, ignored[], header[]}: names, null where there is none.
Json to_json(const Columns& columns);

}  // namespace sluice::teams
