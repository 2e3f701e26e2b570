// SPDX-License-Identifier: MIT
#include "jobs/teams/similar_names.hpp"

#include <algorithm>
#include <bit>

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

// One bit a character: the last six of its first byte.
std::uint64_t characters_of(std::string_view key) {
  std::uint64_t bits = 0;
  for (const char c : key) {
    const bool starts = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (starts) bits |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63);
  }
  return bits;
}

// An edit takes one character away and brings one at the most. Nearly all names are told apart by this.
bool may_be_near(std::uint64_t a, std::uint64_t b, std::uint32_t edits) {
  return static_cast<std::uint32_t>(std::popcount(a ^ b)) <= 2 * edits;
}

}  // namespace

SimilarNames::Known SimilarNames::known_of(std::string_view name) {
  Known known{std::string(name), name_key(name), "", 0};
  known.digits = digits_of(known.key);
  known.characters = characters_of(known.key);
  return known;
}

void SimilarNames::add(std::string_view name) {
  if (known_.size() >= kMost) return;
  Known known = known_of(name);
  if (keys_.insert(known.key).second) known_.push_back(std::move(known));
}

std::optional<std::string> SimilarNames::find(std::string_view name) const {
  const Known wanted = known_of(name);
  const std::uint32_t limit = count_characters(wanted.key) > kLongName ? 2 : 1;
  const Known* best = nullptr;
  std::uint32_t least = limit + 1;
  for (const Known& known : known_) {
    if (!may_be_near(known.characters, wanted.characters, least - 1) || known.digits != wanted.digits ||
        known.key == wanted.key)
      continue;
    const std::uint32_t edits = edit_distance(known.key, wanted.key, least - 1);
    if (edits >= least || differ_in_short_words_only(known.key, wanted.key)) continue;
    best = &known;
    least = edits;
    if (least == 1) break;
  }
  if (best == nullptr) return std::nullopt;
  return best->name;
}

}  // namespace sluice::teams
