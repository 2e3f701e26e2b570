// SPDX-License-Identifier: MIT
// About how many different texts there were, in 1 kB: HyperLogLog (Flajolet et al. 2007) with linear counting
// for few. The standard error is 3 %. Sketches of parts merge into that of the whole, in any order.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::csv {

class DistinctSketch {
 public:
  void add(std::string_view text);
  void merge(const DistinctSketch& other);
  std::uint64_t estimate() const;

  /// Printable ASCII, one character a register; empty when nothing was added. For storing, the same on all
  /// machines of one byte order.
  std::string encoded() const;
  static std::optional<DistinctSketch> decoded(std::string_view text);

 private:
  static constexpr unsigned kBits = 10;
  static constexpr std::size_t kRegisters = std::size_t{1} << kBits;
  std::vector<std::uint8_t> registers_;  // empty until the first text
};

}  // namespace sluice::csv
