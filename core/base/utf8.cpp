// SPDX-License-Identifier: MIT
#include "core/base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace sluice {

std::size_t utf8_character(std::string_view text, char32_t& code_point) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xc2 && first < 0xe0 ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || length > text.size()) return 0;
  code_point = length == 1 ? first : first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return 0;
    code_point = code_point << 6 | (next & 0x3fU);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code_point < kLeast[length] || code_point > 0x10ffff || (code_point >= 0xd800 && code_point < 0xe000))
    return 0;
  return length;
}

std::size_t ascii_prefix(std::string_view text) {
  std::size_t i = 0;
  for (; i + 16 <= text.size(); i += 16) {
    std::uint64_t words[2];
    std::memcpy(words, text.data() + i, 16);
    if (((words[0] | words[1]) & 0x8080808080808080u) != 0) break;
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i;
}

bool is_ascii(std::string_view text) {
  return ascii_prefix(text) == text.size();
}

bool is_utf8(std::string_view text) {
  char32_t ignored = 0;
  for (text.remove_prefix(ascii_prefix(text)); !text.empty();) {
    const std::size_t n = utf8_character(text, ignored);
    if (n == 0) return false;
    text.remove_prefix(n);
  }
  return true;
}

std::string first_characters(std::string_view text, std::size_t most) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80 && most-- == 0) break;
  return std::string(text.substr(0, at));
}

}  // namespace sluice
