// SPDX-License-Identifier: MIT
// Near misses: a new team whose name is nearly that of another one is likely a slip of the pen.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::teams {

class SimilarNames {
 public:
  static constexpr std::size_t kMost =
      4000;  ///< names that are looked at; beyond that nothing more is suggested

  void add(const std::string& name);
  /// A known name that differs from this one by one edit (two in names of more than seven characters), in
  /// words of four letters at least. "Team 1" and "Team 2", "Team A" and "Team B" are no near misses.
  std::optional<std::string> find(std::string_view name) const;

 private:
  struct Known {
    std::string name, key;
  };
  std::vector<Known> known_;
  std::set<std::string> keys_;
};

}  // namespace sluice::teams
