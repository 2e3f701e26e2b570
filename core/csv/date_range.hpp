// SPDX-License-Identifier: MIT
// Least and greatest date of a stretch of a column whose order of day and month may not be known yet.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice::csv {

enum class NumericOrder : std::uint8_t { ymd, dmy, mdy };
inline constexpr std::size_t kNumericOrders = 3;

// Least and greatest value under each order that is still possible.
struct DateRange {
  bool any = false;
  std::array<std::int64_t, kNumericOrders> least{};
  std::array<std::int64_t, kNumericOrders> greatest{};
  void add(std::size_t order, std::int64_t value, bool first);
  void merge(const DateRange& other);
};

}  // namespace sluice::csv
