// SPDX-License-Identifier: MIT
// Where the next step of an import starts: jobs.cursor_json.
#pragma once
#include <cstdint>
#include <string>

#include "core/base/json.hpp"
#include "core/csv/reader.hpp"

namespace sluice::imports {

enum class Phase {
  assemble,
  detect,
  review,  ///< rests; goes on as `target`, or as `detect` when the options were changed
  target,  ///< a dataset is made or chosen
  load,
  verify,
  publish,
};
std::string_view name_of(Phase phase);

struct Cursor {
  Phase phase = Phase::assemble;
  std::string detected_with;  ///< the options that detection used, as text
  csv::Position position;     ///< of the load
  std::uint64_t loaded = 0, rejected = 0, skipped = 0, repaired = 0;
};

Json to_json(const Cursor& cursor);
Cursor cursor_from(const Json& json);

}  // namespace sluice::imports
