// SPDX-License-Identifier: MIT
// Where the numbers of a date stand in its cell. Nearly all cells of a column have them at the same places,
// and are taken apart by that alone.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "core/csv/date_text.hpp"

namespace sluice::csv {

class DateLayout {
 public:
  // `text` was taken apart into `parts`.
  void learn(std::string_view text, const DateParts& parts) {
    size_ = 0;
    if (text.size() > chars_.size() || parts.fraction_digits > 0) return;
    parts_ = parts;
    std::size_t number = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool digit = is_digit(text[i]);
      chars_[i] = digit ? '0' : text[i];
      if (digit && (i == 0 || !is_digit(text[i - 1]))) starts_[number++] = static_cast<std::uint8_t>(i);
    }
    size_ = number == parts.count ? text.size() : 0;
  }

  // The parts of a cell of this layout, until the next call; nullptr: it has another one.
  const DateParts* read(std::string_view text) {
    if (text.size() != size_ || size_ == 0) return nullptr;
    for (std::size_t i = 0; i < size_; ++i) {
      if (chars_[i] == '0' ? !is_digit(text[i]) : text[i] != chars_[i]) return nullptr;
    }
    for (std::size_t n = 0; n < parts_.count; ++n) {
      std::uint16_t value = 0;
      for (std::size_t i = 0; i < parts_.digits[n]; ++i)
        value = static_cast<std::uint16_t>(value * 10 + (text[starts_[n] + i] - '0'));
      parts_.numbers[n] = value;
    }
    return &parts_;
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::array<char, 40> chars_{};  // '0' for every digit
  std::array<std::uint8_t, DateParts::kMost> starts_{};
  std::size_t size_ = 0;
  DateParts parts_;
};

}  // namespace sluice::csv
