// SPDX-License-Identifier: MIT
// What all cells of a column say about it holding dates or times.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/csv/column_type.hpp"
#include "core/csv/date_layout.hpp"
#include "core/csv/date_range.hpp"
#include "core/csv/date_text.hpp"

namespace sluice::csv {

class DateStats {
 public:
  // False when the column holds no dates or times.
  bool add(std::string_view text);
  bool merge(const DateStats& later);

  bool numeric() const;  // dates in digits whose order must be found
  // The orders that every cell allows.
  const std::array<bool, kNumericOrders>& orders() const { return orders_; }
  // Both d/m and m/d were proven wrong by real dates.
  bool contradictory() const { return contradictory_; }

  struct Verdict {
    ColumnType type;
    DateOrder order = DateOrder::none;
    std::uint64_t written_otherwise = 0;
    std::optional<std::int64_t> least, greatest;
  };
  Verdict decide(NumericOrder order) const;
  // The range of the cells since the last call, for the block index.
  DateRange take_block();

 private:
  struct Zeros {
    std::uint64_t padded = 0;
    std::uint64_t bare = 0;
  };

  bool add(const DateParts& parts);  // of the column's shape
  // Of a column that writes dates as ISO 8601 does. False, and nothing was added: the long way decides.
  bool add_iso(std::string_view text);

  DateLayout layout_;  // of the cell before
  std::string shape_text_;
  DateShape shape_;
  std::size_t iso_size_ = 0;  // of the cells that add_iso() may know; 0: of none
  std::array<bool, kNumericOrders> orders_{};
  bool contradictory_ = false;
  std::uint64_t cells_ = 0;
  std::array<Zeros, DateParts::kMost> zeros_{};
  std::array<std::uint64_t, 3> name_cases_{};  // T U L
  std::uint64_t long_names_ = 0, short_names_ = 0;
  std::uint64_t upper_halves_ = 0, lower_halves_ = 0;
  std::array<std::uint64_t, 7> fractions_{};  // cells by digits
  std::uint64_t zero_fractions_ = 0;          // written although zero
  DateRange range_, block_;
  std::uint64_t least_key_ = ~std::uint64_t{0}, greatest_key_ = 0;  // what is between is within both ranges
};

}  // namespace sluice::csv
