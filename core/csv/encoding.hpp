// SPDX-License-Identifier: MIT
// UTF-8 checked, UTF-16 and windows-1252 turned into it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::csv {

// Position of the first byte that does not begin or go on with a valid UTF-8 sequence (no overlong forms, no
// surrogates); text.size() when all is well.
std::size_t valid_utf8_prefix(std::string_view text);
// Valid sequences of more than one byte and bytes that belong to none. A sequence cut off by the end counts
// as neither.
struct Utf8Counts {
  std::uint64_t multibyte = 0;
  std::uint64_t invalid = 0;
};
Utf8Counts count_utf8(std::string_view text);
// Invalid bytes become U+FFFD.
std::string sanitize_utf8(std::string_view text);
// Cuts at most `max_bytes` off the front, without cutting a character in two.
std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes);
// Characters (code points) of valid UTF-8.
std::size_t utf8_characters(std::string_view text);

// Appends; the five bytes windows-1252 leaves open become the control characters of the same number.
void append_windows1252(std::string_view bytes, std::string& out);

struct Utf16Step {
  std::size_t consumed = 0;  // bytes of the input
  std::size_t written = 0;   // bytes of the output
};
// `out` has room for input.size() / 2 * 3 + 3 bytes. Lone surrogates come out as the three bytes their number
// gives, which is not valid UTF-8, so that the record they are in is noticed; an odd last byte comes out as
// the byte 0xFF.
Utf16Step utf16_to_utf8(std::string_view input, bool big_endian, bool at_end, char* out);
// Bytes of UTF-16 that utf16_to_utf8 turned into this text.
std::uint64_t utf16_length(std::string_view utf8);

}  // namespace sluice::csv
