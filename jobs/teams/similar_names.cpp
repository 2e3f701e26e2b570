// SPDX-License-Identifier: MIT
#include "jobs/teams/similar_names.hpp"

#include <algorithm>

#include "core/base/fold.hpp"

namespace sluice::teams {
namespace {

constexpr std::size_t kShortWord = 3;  // words up to here differ because they are others
constexpr std::size_t kLongName = 7;

std::vector<std::string_view> words_of(std::string_view key) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t blank = key.find(' ');
    words.push_back(key.substr(0, blank));
    if (blank == std::string_view::npos) return words;
    key.remove_prefix(blank + 1);
  }
}

std::string digits_of(std::string_view key) {
  std::string digits;
  std::copy_if(key.begin(), key.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

bool differ_in_short_words_only(std::string_view a, std::string_view b) {
  const auto left = words_of(a), right = words_of(b);
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == right[i]) continue;
    if (count_characters(left[i]) > kShortWord && count_characters(right[i]) > kShortWord) return false;
  }
  return true;
}

}  // namespace

void SimilarNames::add(const std::string& name) {
  if (known_.size() >= kMost) return;
  std::string key = name_key(name);
  if (keys_.insert(key).second) known_.push_back({name, std::move(key)});
}

std::optional<std::string> SimilarNames::find(std::string_view name) const {
  const std::string key = name_key(name);
  const std::uint32_t limit = count_characters(key) > kLongName ? 2 : 1;
  const Known* best = nullptr;
  std::uint32_t least = limit + 1;
  for (const Known& known : known_) {
    if (known.key == key) continue;
    const std::uint32_t edits = edit_distance(known.key, key, least - 1);
    if (edits >= least || differ_in_short_words_only(known.key, key) ||
        digits_of(known.key) != digits_of(key))
      continue;
    best = &known;
    least = edits;
    if (least == 1) break;
  }
  if (best == nullptr) return std::nullopt;
  return best->name;
}

}  // namespace sluice::teams
