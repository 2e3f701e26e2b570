// SPDX-License-Identifier: MIT
#include "core/base/fold.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/utf8.hpp"

namespace sluice {
namespace {

const icu::Normalizer2& nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* instance = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status) != 0) throw Error(Kind::internal, "base.icu", u_errorName(status));
  return *instance;
}

icu::UnicodeString normalized(const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString result = nfc().normalize(text, status);
  if (U_FAILURE(status) != 0) throw Error(Kind::internal, "base.icu", u_errorName(status));
  return result;
}

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string result;
  text.toUTF8String(result);
  return result;
}

bool is_space(UChar32 c) {
  return u_isUWhiteSpace(c) != 0;
}

// From the first to the last character that is no white space.
icu::UnicodeString trimmed(const icu::UnicodeString& text) {
  std::int32_t begin = 0, end = text.length();
  while (begin < end && is_space(text.char32At(begin))) begin = text.moveIndex32(begin, 1);
  while (end > begin) {
    const std::int32_t before = text.moveIndex32(end, -1);
    if (!is_space(text.char32At(before))) break;
    end = before;
  }
  return {text, begin, end - begin};  // a copy: what comes in is a temporary
}

bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_ascii_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

std::string_view ascii_trimmed(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string ascii_key(std::string_view text) {
  std::string key;
  key.reserve(text.size());
  for (const char c : ascii_trimmed(text)) {
    if (!is_ascii_space(c))
      key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    else if (key.back() != ' ')
      key += ' ';
  }
  return key;
}

std::vector<UChar32> code_points(std::string_view text) {
  std::vector<UChar32> result;
  result.reserve(text.size());
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), i, length, c);
    result.push_back(c);
  }
  return result;
}

}  // namespace

std::optional<std::string> clean_name(std::string_view text) {
  if (is_ascii(text)) {
    const std::string_view inner = ascii_trimmed(text);
    const bool bad = std::any_of(text.begin(), text.end(),
                                 [](char c) { return is_ascii_control(c) && !is_ascii_space(c); }) ||
                     std::any_of(inner.begin(), inner.end(), is_ascii_control);
    return bad ? std::nullopt : std::optional<std::string>(inner);
  }
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    if (c < 0) return std::nullopt;
    if (u_charType(c) == U_CONTROL_CHAR && !is_space(c)) return std::nullopt;
  }
  const icu::UnicodeString inner = trimmed(normalized(from_utf8(text)));
  for (std::int32_t i = 0; i < inner.length(); i = inner.moveIndex32(i, 1)) {
    if (u_charType(inner.char32At(i)) == U_CONTROL_CHAR) return std::nullopt;
  }
  return to_utf8(inner);
}

std::string name_key(std::string_view text) {
  if (is_ascii(text)) return ascii_key(text);
  icu::UnicodeString folded = normalized(from_utf8(text));
  folded.foldCase(U_FOLD_CASE_DEFAULT);
  folded = trimmed(normalized(folded));
  icu::UnicodeString result;
  bool in_space = false;
  for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const UChar32 c = folded.char32At(i);
    if (is_space(c)) {
      in_space = true;
      continue;
    }
    if (in_space) result.append(static_cast<UChar32>(' '));
    in_space = false;
    result.append(c);
  }
  return to_utf8(result);
}

std::size_t count_characters(std::string_view text) {
  const auto length = static_cast<std::int32_t>(text.size());
  std::size_t count = 0;
  for (std::int32_t i = 0; i < length; ++count) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), i, length, c);
  }
  return count;
}

// Optimal string alignment, row by row; ends early once a whole row is beyond the limit.
std::uint32_t edit_distance(std::string_view a, std::string_view b, std::uint32_t limit) {
  const std::vector<UChar32> left = code_points(a), right = code_points(b);
  const std::size_t longer = std::max(left.size(), right.size()),
                    shorter = std::min(left.size(), right.size());
  if (longer - shorter > limit) return limit + 1;
  const std::size_t width = right.size() + 1;
  std::vector<std::uint32_t> before(width), last(width), row(width);
  for (std::size_t j = 0; j < width; ++j) last[j] = static_cast<std::uint32_t>(j);
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = static_cast<std::uint32_t>(i);
    std::uint32_t least = row[0];
    for (std::size_t j = 1; j < width; ++j) {
      const std::uint32_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0U : 1U);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
      least = std::min(least, row[j]);
    }
    if (least > limit) return limit + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min(last[width - 1], limit + 1);
}

}  // namespace sluice
