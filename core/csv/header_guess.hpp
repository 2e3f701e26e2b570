// SPDX-License-Identifier: MIT
// Where a table begins, and which of its first rows are its header.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/csv/dialect.hpp"

namespace sluice::csv {

// A record of the head of the file, for guessing only.
struct HeadRecord {
  std::vector<std::string> cells;
  std::size_t line_no = 0;  // 0-based physical line it starts at
  bool blank = false;       // every cell is empty
  bool broken = false;      // no reading with the table's width
};

struct HeaderGuess {
  std::uint32_t preamble_lines = 0;
  std::uint32_t header_rows = 0;
  std::uint32_t width = 1;
  std::vector<std::string> names;  // `width` of them, or none without a header
};

HeaderGuess guess_header(const std::vector<HeadRecord>& records, std::uint32_t width,
                         const DialectOverrides& overrides);

}  // namespace sluice::csv
