// SPDX-License-Identifier: MIT
// A text's bytes as words, by loads of fixed sizes, which may overlap: no call for a handful of bytes.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice::csv {

template <typename Word>
inline std::uint64_t load_word(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The first eight bytes, zeros behind a shorter text, the first byte the most significant: where two texts'
/// words differ, they stand to each other as the texts do.
inline std::uint64_t leading_word(std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  const std::size_t size = text.size();
  const char* const at = text.data();
  std::uint64_t word = 0;
  if (size >= 8) {
    word = load_word<std::uint64_t>(at);
  } else if (size >= 4) {
    word = load_word<std::uint32_t>(at) | load_word<std::uint32_t>(at + size - 4) << (8 * (size - 4));
  } else {
    for (std::size_t i = 0; i < size; ++i) word |= load_word<std::uint8_t>(at + i) << (8 * i);
  }
  return __builtin_bswap64(word);
}

}  // namespace sluice::csv
