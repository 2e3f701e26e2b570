// SPDX-License-Identifier: MIT
#include "core/csv/encoding.hpp"

#include <array>

#include "core/base/utf8.hpp"

namespace sluice::csv {

namespace {

constexpr std::size_t kMostBytes = 4;  // of a character in UTF-8

std::size_t sequence_length(std::string_view text) {
  char32_t ignored = 0;
  return utf8_character(text, ignored);
}

// Is `text`, which begins with no character, only the beginning of one?
bool is_cut(std::string_view text) {
  if (text.size() >= kMostBytes) return false;
  for (const char tail : {'\x80', '\xBF'}) {  // after some leads the next byte must be low, after others high
    std::string longer(text);
    longer.append(kMostBytes, tail);
    if (sequence_length(longer) > text.size()) return true;
  }
  return false;
}

// 0x80-0x9F of windows-1252 as code points.
constexpr std::array<std::uint16_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

std::size_t put_utf8(std::uint32_t point, char* out) {
  if (point < 0x80) {
    out[0] = static_cast<char>(point);
    return 1;
  }
  if (point < 0x800) {
    out[0] = static_cast<char>(0xC0 | point >> 6);
    out[1] = static_cast<char>(0x80 | (point & 0x3F));
    return 2;
  }
  if (point < 0x10000) {
    out[0] = static_cast<char>(0xE0 | point >> 12);
    out[1] = static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out[2] = static_cast<char>(0x80 | (point & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | point >> 18);
  out[1] = static_cast<char>(0x80 | (point >> 12 & 0x3F));
  out[2] = static_cast<char>(0x80 | (point >> 6 & 0x3F));
  out[3] = static_cast<char>(0x80 | (point & 0x3F));
  return 4;
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t i = 0;
  while (true) {
    i += ascii_prefix(text.substr(i));
    if (i == text.size()) return i;
    const std::size_t length = sequence_length(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
}

Utf8Counts count_utf8(std::string_view text) {
  Utf8Counts counts;
  std::size_t i = 0;
  while (true) {
    i += ascii_prefix(text.substr(i));
    if (i == text.size()) return counts;
    const std::size_t length = sequence_length(text.substr(i));
    if (length == 0) {
      if (is_cut(text.substr(i))) return counts;
      ++counts.invalid;
      ++i;
    } else {
      ++counts.multibyte;
      i += length;
    }
  }
}

std::string sanitize_utf8(std::string_view text) {
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t good = valid_utf8_prefix(text.substr(i));
    out.append(text.substr(i, good));
    i += good;
    if (i < text.size()) {
      out.append("\xEF\xBF\xBD");
      ++i;
    }
  }
  return out;
}

std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && max_bytes - end < 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::size_t utf8_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

void append_windows1252(std::string_view bytes, std::string& out) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    char sequence[4];
    const std::uint32_t point = byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80] : byte;
    out.append(sequence, put_utf8(point, sequence));
  }
}

Utf16Step utf16_to_utf8(std::string_view input, bool big_endian, bool at_end, char* out) {
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    const auto a = static_cast<unsigned char>(input[i]), b = static_cast<unsigned char>(input[i + 1]);
    return big_endian ? a << 8 | b : b << 8 | a;
  };
  Utf16Step step;
  while (step.consumed + 2 <= input.size()) {
    std::uint32_t point = unit(step.consumed);
    std::size_t length = 2;
    if (point >= 0xD800 && point < 0xDC00) {
      if (step.consumed + 4 <= input.size()) {
        const std::uint32_t low = unit(step.consumed + 2);
        if (low >= 0xDC00 && low < 0xE000) {
          point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
          length = 4;
        }
      } else if (!at_end) {
        return step;  // its second half comes with the next bytes
      }
    }
    step.written += put_utf8(point, out + step.written);
    step.consumed += length;
  }
  if (at_end && step.consumed < input.size()) {
    out[step.written++] = '\xFF';
    ++step.consumed;
  }
  return step;
}

std::uint64_t utf16_length(std::string_view utf8) {
  std::uint64_t length = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == 0xFF) {
      length += 1;
    } else if (byte >= 0xF0) {
      length += 4;
    } else if (byte < 0x80 || byte >= 0xC0) {
      length += 2;
    }
  }
  return length;
}

}  // namespace sluice::csv
