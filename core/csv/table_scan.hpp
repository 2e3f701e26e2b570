// SPDX-License-Identifier: MIT
// The one pass over a whole file that finds out everything the load needs: dialect, names, types, counts,
// blocks.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/csv/byte_source.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/layout.hpp"
#include "core/csv/odd_cells.hpp"
#include "core/csv/reader.hpp"
#include "core/csv/record.hpp"
#include "core/csv/scan_counts.hpp"
#include "core/csv/type_profile.hpp"

namespace sluice::csv {

struct ScanOptions {
  DialectOverrides overrides;
  bool types_as_text = false;  // types=text: every column stays text
  std::map<std::uint32_t, std::vector<std::string>>
      null_words;                        // by column: in place of those known by themselves
  std::uint64_t block_bytes = 2u << 20;  // about the size of a block
  // mode=append: the types of the dataset's columns. No inference; bad_type and out_of_range are found by the
  // load.
  std::vector<ColumnType> given_types;
  // Fill in ColumnReport::odd, which takes some more reading.
  bool explain_text = false;
  // Called at least every 20 ms of work with the bytes read so far. false: give up; detect_table returns
  // nothing.
  std::function<bool(std::uint64_t bytes_done)> keep_going;
  // The same bytes for a second thread, which then reads ahead. Nothing: one thread reads alone. The report
  // is the same.
  ByteSource* ahead = nullptr;
};

struct ColumnReport {
  std::string original_name;  // as in the file; "" for a headerless one
  std::string shown_name;
  ColumnVerdict verdict;
  // By a type that was given: some cell is a date only with day and month in each other's place.
  bool swapped_dates = false;
  std::optional<OddCell> odd;  // of a column of text that is nearly one of dates or numbers
};

// A stretch of the file that can be read by itself.
struct Block {
  Position start;
  std::uint64_t end_offset = 0;
  std::uint64_t rows = 0;
  struct Range {
    std::uint32_t column = 0;  // index into TableReport::columns
    std::int64_t least = 0;    // to_microseconds()
    std::int64_t greatest = 0;
  };
  std::vector<Range> ranges;  // one per date column that has a value in this block
};

struct TableReport {
  DetectedDialect
      detected;  // its dialect with footer and second table filled in: give this one to the load's Reader
  std::vector<ColumnReport> columns;
  ScanCounts counts;
  std::vector<Block> blocks;
  Layout layout = Layout::columns;
  std::vector<std::string> notices;  // sentences for people: "The file is empty." ...
};

// Nothing when keep_going said no.
std::optional<TableReport> detect_table(ByteSource& source, const ScanOptions& options);

}  // namespace sluice::csv
