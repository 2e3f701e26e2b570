// SPDX-License-Identifier: MIT
#include "core/csv/reader.hpp"

namespace sluice::csv {

std::array<std::uint64_t, Position::kNumbers> Position::numbers() const {
  return {offset, line, records, rows, headers, scan_spent};
}

Position Position::from_numbers(const std::array<std::uint64_t, kNumbers>& n) {
  return {n[0], n[1], n[2], n[3], n[4], n[5]};
}

}  // namespace sluice::csv
