// SPDX-License-Identifier: MIT
// What all cells of a column say about it being numeric.
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/csv/column_type.hpp"
#include "core/csv/number_text.hpp"
#include "core/csv/value_range.hpp"

namespace sluice::csv {

class NumberStats {
 public:
  // False when the cell is no number: then the column is none, and nothing more needs to be added.
  bool add(std::string_view text);
  bool merge(const NumberStats& later);

  struct Verdict {
    ColumnType type;                      // without null form
    std::uint64_t written_otherwise = 0;  // cells the pattern writes differently
    std::string least, greatest;  // plain: "-12.5"; beyond 15 digits about, where they are no whole numbers
  };
  // Nothing when the numbers have no common reading.
  std::optional<Verdict> decide() const;

 private:
  static constexpr std::size_t kDigits = 40;
  // Cells read under one meaning of '.' and ','.
  struct Reading {
    std::array<std::uint64_t, kDigits> natural{};   // cells by decimals, none of them a trailing zero
    std::array<std::uint64_t, kDigits> trailing{};  // cells by decimals, the last one a zero
    std::uint8_t whole_digits = 0;                  // most seen
    std::uint8_t decimals = 0;                      // most seen
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::int64_t greatest = std::numeric_limits<std::int64_t>::min();
    bool beyond_int64 = false;
    RealRange reals;  // of all cells but the plain integers
    void merge(const Reading& other);
  };

  bool add_apart(std::string_view text);
  bool add_exponent(const NumberParts& parts);
  void add_scientific(const Scientific& number, std::string_view text);
  void count_fixed(char letter, std::size_t decimals);
  bool same_marks(const NumberParts& parts);
  static void count(std::unique_ptr<Reading>& place, bool minus, const Digits& digits);
  void check_real(bool minus, const Digits& digits);
  std::optional<Verdict> decide_real(const Reading& reading) const;
  void tell_range(const Reading& reading, Verdict& verdict) const;

  std::uint64_t cells_ = 0;
  std::uint8_t alive_ = 0x7F;   // bits of kConventions
  std::uint64_t integers_ = 0;  // plain ones: the same under every convention
  std::uint8_t integer_digits_ = 0;
  std::int64_t least_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t greatest_ = std::numeric_limits<std::int64_t>::min();
  std::unique_ptr<Reading> point_;  // '.' is the decimal mark
  std::unique_ptr<Reading> comma_;  // ',' is
  std::uint64_t ungrouped_ = 0;     // more than three whole digits without group marks
  std::uint64_t odd_ = 0;           // plus signs, blanks around, -0: nothing a pattern writes
  std::uint64_t bare_point_ = 0;    // ".5"
  std::uint64_t zero_point_ = 0;    // "0.5"
  std::uint64_t sign_first_ = 0, sign_last_ = 0;
  std::uint64_t marked_ = 0;  // cells with the marks below
  std::string prefix_, suffix_;
  // Reals
  struct Exponents {
    std::array<std::array<std::uint64_t, kDigits>, 2> fixed{};  // cells by letter and digits of the mantissa
  };
  std::uint64_t exponents_ = 0;
  RealRange exponent_range_;
  std::uint64_t exponents_short_ = 0;  // as render_real writes them by itself
  std::unique_ptr<Exponents> exponents_fixed_;
  std::uint64_t real_odd_ = 0;  // plain cells that a double would write differently
  bool real_lossy_ = false;     // digits that a double cannot keep
};

}  // namespace sluice::csv
