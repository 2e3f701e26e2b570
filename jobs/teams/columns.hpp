// SPDX-License-Identifier: MIT
// Which column of a team file is which: by aliases, without case, in any order.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/json.hpp"

namespace sluice::teams {

struct Columns {
  std::vector<std::string> header;                       ///< as the file has it
  std::optional<std::uint32_t> team, name, email, role;  ///< indexes into header
  std::vector<std::uint32_t> kept;           ///< all but those a report added (_row, _status, _error)
  std::vector<std::string> ignored() const;  ///< names of kept columns that are none of the four
};

/// Two columns that could be the same thing: the better alias, else the first, is taken; the other is
/// ignored.
Columns match_columns(std::span<const std::string> header);

/// {mapped{team,name,email,role}, ignored[], header[]}: names, null where there is none.
Json to_json(const Columns& columns);

}  // namespace sluice::teams
