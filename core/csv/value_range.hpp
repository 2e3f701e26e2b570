// SPDX-License-Identifier: MIT
// The least and the greatest of what was added.
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "core/csv/text_words.hpp"

namespace sluice::csv {

// Texts by their bytes. The first 104 of them are kept: cut to 100, no character of UTF-8 is cut in two.
class TextRange {
 public:
  static constexpr std::size_t kBytes = 100;
  void add(std::string_view text) {
    const std::uint64_t word = leading_word(text);
    if (any_ && word > least_word_ && word < greatest_word_) return;
    text = text.substr(0, kBytes + 4);
    if (!any_ || word < least_word_ || (word == least_word_ && text < least_)) {
      least_ = text;
      least_word_ = word;
    }
    if (!any_ || word > greatest_word_ || (word == greatest_word_ && text > greatest_)) {
      greatest_ = text;
      greatest_word_ = word;
    }
    any_ = true;
  }
  void merge(const TextRange& other) {
    if (!other.any_) return;
    add(other.least_);
    add(other.greatest_);
  }
  bool any() const { return any_; }
  const std::string& least() const { return least_; }
  const std::string& greatest() const { return greatest_; }

 private:
  bool any_ = false;
  std::string least_, greatest_;
  std::uint64_t least_word_ = 0, greatest_word_ = 0;  // leading_word() of these
};

// Numbers, as doubles: beyond 15 digits about.
struct RealRange {
  double least = std::numeric_limits<double>::infinity();
  double greatest = -std::numeric_limits<double>::infinity();
  bool any() const { return least <= greatest; }
  void add(double value) {
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  void merge(const RealRange& other) {
    least = std::min(least, other.least);
    greatest = std::max(greatest, other.greatest);
  }
};

}  // namespace sluice::csv
