// SPDX-License-Identifier: MIT
// Near misses: a new team whose name is nearly that of another one is likely a slip of the pen.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace sluice::teams {

class SimilarNames {
 public:
  static constexpr std::size_t kMost =
      4000;  ///< names that are looked at; beyond that nothing more is suggested

  void add(std::string_view name);
  /// A known name that differs from this one by one edit (two in names of more than seven characters), in
  /// words of four letters at least. "Team 1" and "Team 2", "Team A" and "Team B" are no near misses.
  std::optional<std::string> find(std::string_view name) const;

 private:
  struct Known {
    std::string name, key;
    std::string digits;            ///< of the key
    std::uint64_t characters = 0;  ///< which ones the key has, a bit each; different ones may share it
  };
  static Known known_of(std::string_view name);

  std::vector<Known> known_;
  std::unordered_set<std::string> keys_;
};

}  // namespace sluice::teams
