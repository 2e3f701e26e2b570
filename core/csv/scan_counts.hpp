// SPDX-License-Identifier: MIT
// How many records of a file, or of a part of it, became what.
#pragma once
#include <array>
#include <cstdint>
#include <numeric>

#include "core/csv/record.hpp"

namespace sluice::csv {

struct ScanCounts {
  std::uint64_t records = 0;  // counted by their ends, not summed up from the numbers below
  std::uint64_t rows = 0;     // repaired ones included
  std::uint64_t repaired = 0;
  std::array<std::uint64_t, kRejectCodes> rejects{};  // by RejectCode
  std::array<std::uint64_t, kSkipReasons> skipped{};  // by SkipReason

  std::uint64_t rejected() const { return std::accumulate(rejects.begin(), rejects.end(), std::uint64_t{0}); }
  std::uint64_t all_skipped() const {
    return std::accumulate(skipped.begin(), skipped.end(), std::uint64_t{0});
  }
  void add(const ScanCounts& other) {
    records += other.records;
    rows += other.rows;
    repaired += other.repaired;
    for (std::size_t i = 0; i < rejects.size(); ++i) rejects[i] += other.rejects[i];
    for (std::size_t i = 0; i < skipped.size(); ++i) skipped[i] += other.skipped[i];
  }
};

}  // namespace sluice::csv
