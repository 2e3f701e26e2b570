// SPDX-License-Identifier: MIT
// Finds the bytes of a text that may mean something outside of quotes, 64 bytes at a time: fields are short,
// and one look finds the ends of several.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sluice::csv {

class StopScan {
 public:
  // Stops are CR, LF and the two bytes given.
  StopScan(std::string_view text, char first, char second) : text_{text}, first_{first}, second_{second} {}

  // The first stop at `at` or behind it; the text's size when there is none. `at` never goes back.
  std::size_t next(std::size_t at) {
    while (at < text_.size()) {
      const std::size_t behind = at - base_;
      if (behind < kBytes) {
        const std::uint64_t left = stops_ >> behind;
        if (left != 0) return at + static_cast<std::size_t>(std::countr_zero(left));
        at = base_ + kBytes;
      } else {
        load(at);
      }
    }
    return text_.size();
  }

 private:
  static constexpr std::size_t kBytes = 64;

  void load(std::size_t at) {
    base_ = at;
    const char* bytes = text_.data() + at;
    const std::size_t size = text_.size() - at;
    std::array<char, kBytes> padded{};
    if (size < kBytes) {
      std::memcpy(padded.data(), bytes, size);
      bytes = padded.data();
    }
    stops_ = 0;
#if defined(__SSE2__)
    const __m128i first = _mm_set1_epi8(first_), second = _mm_set1_epi8(second_);
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    for (std::size_t i = 0; i < kBytes; i += 16) {
      const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
      const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(some, lf), _mm_cmpeq_epi8(some, cr));
      const __m128i given = _mm_or_si128(_mm_cmpeq_epi8(some, first), _mm_cmpeq_epi8(some, second));
      const auto hits = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(ends, given)));
      stops_ |= static_cast<std::uint64_t>(hits) << i;
    }
#else
    for (std::size_t i = 0; i < kBytes; ++i) {
      const char c = bytes[i];
      const bool stop = c == '\n' || c == '\r' || c == first_ || c == second_;
      stops_ |= static_cast<std::uint64_t>(stop) << i;
    }
#endif
    if (size < kBytes) stops_ &= (std::uint64_t{1} << size) - 1;
  }

  std::string_view text_;
  char first_, second_;
  std::size_t base_ = ~std::size_t{0} - kBytes;  // behind every position
  std::uint64_t stops_ = 0;
};

}  // namespace sluice::csv
