// SPDX-License-Identifier: MIT
// Where a team import stands, as its job's cursor keeps it.
#pragma once
#include <cstdint>

#include "core/base/json.hpp"
#include "core/csv/reader.hpp"

namespace sluice::teams {

enum class Stage {
  clear,  ///< rows of an older check are taken away
  check,
  apply,
};

struct Cursor {
  Stage stage = Stage::clear;
  csv::Position position;  ///< check: the next record
  std::uint64_t rows = 0;  ///< check: rows so far, those with errors too
  bool reviewed = false;   ///< somebody looked at a check: if the teams changed since, he shall look again
};
Json to_json(const Cursor& cursor);
Cursor cursor_from(const Json& json);

}  // namespace sluice::teams
