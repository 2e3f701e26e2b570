// SPDX-License-Identifier: MIT
// Why a column stays text that is nearly all dates, or nearly all numbers: its first cell that is none. What
// is said depends on the file alone, not on how it was cut into stretches.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/csv/stretch.hpp"

namespace sluice::csv {

struct OddCell {
  ColumnType type;         // of the others, with how they are written: those at the top and those behind it
  std::string text;        // of the cell as it stands there, its first 40 bytes
  std::uint64_t line = 0;  // physical line in which its record begins, 1-based
};

// Of the values at the top and those behind the odd one a twentieth may be odd, and so many must not be.
inline constexpr std::uint64_t kOddOneIn = 20, kLeastLike = 20;

// Looks for the odd cells of a table whose first row begins at `top`.
class OddCells {
 public:
  OddCells(ByteSource& source, const StretchRules& rules, const Position& top)
      : source_{source}, rules_{rules}, top_{top} {}

  // The columns that all rows before `start` would let be numbers, or dates, and that the rows up to `until`
  // do not.
  void look(const Position& start, std::uint64_t until, const std::vector<std::uint32_t>& not_numbers,
            const std::vector<std::uint32_t>& not_dates);
  const std::map<std::uint32_t, OddCell>& found() const { return found_; }

 private:
  class Suspect;
  void gather(std::vector<Suspect>& suspects);
  ByteSource& source_;
  const StretchRules& rules_;
  Position top_;
  std::map<std::uint32_t, OddCell> found_;
};

// "Column day stays text because of …"
std::string sentence_of(const std::string& column, const OddCell& odd);

}  // namespace sluice::csv
