// SPDX-License-Identifier: MIT
// The inside of a TypeProfile: the candidates of one column that are still alive.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/csv/date_stats.hpp"
#include "core/csv/number_stats.hpp"
#include "core/csv/type_profile.hpp"
#include "core/csv/value_range.hpp"

namespace sluice::csv {

// The words for truth a column uses.
class BooleanStats {
 public:
  bool add(std::string_view text);
  bool merge(const BooleanStats& later);
  struct Verdict {
    ColumnType type;
    std::uint64_t written_otherwise = 0;
  };
  std::optional<Verdict> decide() const;

 private:
  struct Word {
    std::string text;
    std::uint64_t leading = 0;  // leading_word() of it: all of it but its size
    bool value = false;
    std::uint64_t count = 0;
  };
  bool add(std::string_view text, std::uint64_t count);
  int pair_ = -1;
  std::vector<Word> words_;
};

inline constexpr std::array<std::string_view, 7> kNullWords{"NULL", "null", "NA", "N/A", "n/a", "-", "\\N"};

class TypeProfile::Impl {
 public:
  void add(const Field& field);
  void merge(const Impl& later);

  std::uint64_t cells = 0;
  std::uint64_t bare_empty = 0;
  std::uint64_t quoted_empty = 0;
  // What stands for NULL besides an empty field, and how many cells say so. `own_words`: chosen by somebody.
  std::vector<std::string> words{kNullWords.begin(), kNullWords.end()};
  std::vector<std::uint64_t> null_words = std::vector<std::uint64_t>(kNullWords.size());
  bool own_words = false;
  std::uint32_t max_bytes = 0;
  std::uint32_t max_word_bytes = 0;
  DistinctSketch distinct;
  TextRange texts;
  // Null once a cell has excluded the candidate. All three are there from the start.
  std::unique_ptr<NumberStats> number = std::make_unique<NumberStats>();
  std::unique_ptr<DateStats> date = std::make_unique<DateStats>();
  std::unique_ptr<BooleanStats> boolean = std::make_unique<BooleanStats>();
  bool contradictory = false;  // d/m and m/d both proven

  std::uint64_t words_for_null() const;
  std::uint64_t values() const { return cells - bare_empty - quoted_empty - words_for_null(); }
};

}  // namespace sluice::csv
