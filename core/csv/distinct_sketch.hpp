// SPDX-License-Identifier: MIT
// About how many different texts there were, in 1 kB: HyperLogLog (Flajolet et al. 2007) with linear counting
// for few. The standard error is 3 %. Sketches of parts merge into that of the whole, in any order. The first
// texts are kept as a list: a table of 20,000 columns and few rows would be 20 MB of registers.
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

  /// Printable ASCII: a list of three characters an entry after '~', or one character a register; empty when
  /// nothing was added. For storing, the same on all machines of one byte order.
  std::string encoded() const;
  static std::optional<DistinctSketch> decoded(std::string_view text);

 private:
  static constexpr unsigned kBits = 10;
  static constexpr std::size_t kRegisters = std::size_t{1} << kBits;
  static constexpr std::size_t kListed = 32;

  struct Entry {
    std::uint16_t place = 0;
    std::uint8_t rank = 0;
  };
  void put(Entry entry);
  /// While there are no registers: false when the entry went into the list, else they have been made.
  bool make_place(Entry entry);
  /// From the list to registers.
  void spread();

  std::vector<Entry> list_;              // one a text, until there are kListed
  std::vector<std::uint8_t> registers_;  // all of it once there are any
};

}  // namespace sluice::csv
