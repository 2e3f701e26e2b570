// SPDX-License-Identifier: MIT
// Why a column stays text that is nearly all dates, or nearly all numbers: the first cell that does not fit
// to those before it. Looked for at the top of the table, and where a column that was of dates or numbers so
// far stops being so; bounded in bytes, whatever the file holds.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/csv/byte_source.hpp"
#include "core/csv/column_type.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/reader.hpp"

namespace sluice::csv {

struct OddCell {
  enum class Why : std::uint8_t {
    other_kind,     // it is no date, or no number
    other_writing,  // it is one, but not written as those above it
  };
  Why why = Why::other_kind;
  bool dates = false;      // the others are dates or times; else numbers
  ColumnType type;         // of the others at the top, with how they are written; text when not all alike
  std::string text;        // of the cell: its first 40 bytes, control characters as blanks
  bool whole = true;       // that is all of it
  std::uint64_t line = 0;  // physical line in which its record begins, 1-based
  std::vector<std::string> null_words;  // those that stand for NULL in the column besides
};

// At the top of the table a tenth of the values may be odd, or one of a few, and so many must not be.
inline constexpr std::uint64_t kOddOneIn = 10, kLeastAlike = 5;

class OddCells {
 public:
  // By column, in place of those known by themselves.
  using NullWords = std::map<std::uint32_t, std::vector<std::string>>;

  // `dialect` is that of the load, with footer and second table. `between` is called every few milliseconds
  // of reading; what it and the source throw passes through. All of them outlive this.
  OddCells(ByteSource& source, const Dialect& dialect, const NullWords& null_words,
           const std::function<void()>& between);
  ~OddCells();

  // Reads the first rows from `top` on; `columns` are those that became text.
  void look_at_top(const Position& top, const std::vector<std::uint32_t>& columns);
  // A column whose rows up to `start` could be numbers (dates), and up to `until` cannot: reads on there,
  // unless its odd cell stands at the top.
  void look_on(const Position& start, std::uint64_t until, const std::vector<std::uint32_t>& not_numbers,
               const std::vector<std::uint32_t>& not_dates);
  // By column. Ends the looking.
  std::map<std::uint32_t, OddCell> take();

 private:
  class Suspect;
  template <typename OnRow>
  void read(const Position& start, std::uint64_t until, std::uint64_t most_records, OnRow on_row);

  ByteSource& source_;
  const Dialect& dialect_;
  const NullWords& null_words_;
  const std::function<void()>& between_;
  std::map<std::uint32_t, std::unique_ptr<Suspect>> suspects_;  // by column
  std::uint64_t top_end_ = 0;                                   // byte offset
  int looks_left_;
};

}  // namespace sluice::csv
