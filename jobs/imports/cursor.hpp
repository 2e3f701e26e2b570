// SPDX-License-Identifier: MIT
// Where the next step of an import starts: jobs.cursor_json.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

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

/// What became of records.
struct Counts {
  std::uint64_t loaded = 0, rejected = 0, skipped = 0, repaired = 0;
  void add(const Counts& other);
};

/// A part of the file that one loader loads from its start to its end.
struct Part {
  csv::Position start;              ///< its first record
  csv::Position at;                 ///< what comes next
  std::uint64_t until = kToTheEnd;  ///< it ends before the first record that begins here or behind
  bool done = false;
  Counts counts;

  static constexpr std::uint64_t kToTheEnd = csv::Dialect::kNowhere;
};

struct Cursor {
  Phase phase = Phase::assemble;
  std::string detected_with;  ///< the options that detection used, as text
  std::vector<Part> parts;    ///< of the load, in the order of the file; none before it has begun

  Counts counts() const;  ///< of all parts
  std::uint64_t records_done() const;
  std::uint64_t bytes_done() const;
  std::uint64_t last_row() const;  ///< greatest row_no so far
  bool all_done() const;           ///< every part is loaded to its end
};

Json to_json(const Cursor& cursor);
Cursor cursor_from(const Json& json);

}  // namespace sluice::imports
