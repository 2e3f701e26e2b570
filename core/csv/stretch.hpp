// SPDX-License-Identifier: MIT
// A stretch of the file as detection sees it: read by itself, perhaps by another thread than the stretches
// before it, and put together with them afterwards.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/csv/byte_source.hpp"
#include "core/csv/date_range.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/narrow_rows.hpp"
#include "core/csv/reader.hpp"
#include "core/csv/scan_counts.hpp"
#include "core/csv/type_profile.hpp"

namespace sluice::csv {

// What all stretches of a file are read with; does not change while any is read.
struct StretchRules {
  Dialect dialect;
  std::size_t columns = 0;          // the width, or 0 where the file has no columns at all
  std::vector<std::string> header;  // as in the file; empty: none
  bool types_as_text = false;       // no inference
  std::map<std::uint32_t, std::vector<std::string>> null_words;  // by column, in place of those known
  std::vector<ColumnType> given_types;                           // ranges of dates are read by these
  std::vector<std::optional<ColumnType>> swapped_types;          // those of dates with day and month swapped
  bool end_at_bad_encoding = false;                              // the file may be windows-1252
};

struct Stretch {
  enum class End : std::uint8_t {
    whole,         // up to the offset asked for, or the end of the file
    second_table,  // before a record that is the header again
    bad_encoding,  // before a record that is not valid UTF-8
  };

  Position start, end;
  End ended = End::whole;
  ScanCounts counts;                   // without `records`, which the positions tell
  std::vector<TypeProfile> profiles;   // by column
  std::vector<DateRange> given_dates;  // by column, when types were given
  std::vector<bool> swapped_dates;     // by column: some cell is a date only with day and month swapped
  NarrowRows narrow;                   // at its end, not counted yet: a footer or rows, as what follows tells
  bool settles = false;                // what is narrow before it are rows

  // The rows kept in `narrow` are rows like others.
  void settle_narrow();
  // Counts and profiles of the stretch that follows this one. Afterwards `narrow` is what stands at its end.
  void merge(Stretch&& later);
  // Least and greatest date of each column since the last call.
  std::vector<DateRange> take_dates();

  // An empty stretch at `at`.
  static Stretch empty(const StretchRules& rules, const Position& at);

 private:
  friend class StretchScan;
  void add_row(std::span<const Field> fields, bool repaired, const StretchRules& rules);
  void add_given(std::size_t column, const Field& field, const StretchRules& rules);
  const StretchRules* rules_ = nullptr;
};

// Reads from `start` to the first record that begins at or after `until`. `between` is called every few
// milliseconds with the offset reached; what it throws passes through.
Stretch read_stretch(ByteSource& source, const StretchRules& rules, const Position& start,
                     std::uint64_t until, const std::function<void(std::uint64_t)>& between);

}  // namespace sluice::csv
