// SPDX-License-Identifier: MIT
#include "core/csv/cell_shape.hpp"

#include <algorithm>

#include "core/csv/date_text.hpp"
#include "core/csv/number_text.hpp"

namespace sluice::csv {

namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool strip_prefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}
bool strip_suffix(std::string_view& text, std::string_view suffix) {
  if (text.size() < suffix.size() || text.substr(text.size() - suffix.size()) != suffix) return false;
  text.remove_suffix(suffix.size());
  return true;
}

bool is_number(std::string_view text) {
  if (!text.empty() && text.size() < 40 && std::all_of(text.begin(), text.end(), digit)) return true;
  NumberParts parts;
  if (!take_apart(text, parts)) return false;
  Digits digits;
  return std::any_of(kConventions.begin(), kConventions.end(),
                     [&](Convention convention) { return read_digits(parts.body, convention, digits); });
}

bool is_date_or_time(std::string_view text) {
  DateParts parts;
  return take_apart(text, parts) && understand(parts.shape()).has_value();
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    if (text.front() == ' ' || text.front() == '\t') {
      text.remove_prefix(1);
    } else if (!strip_prefix(text, "\xC2\xA0") && !strip_prefix(text, "\xEF\xBB\xBF")) {
      break;
    }
  }
  while (!text.empty()) {
    if (text.back() == ' ' || text.back() == '\t') {
      text.remove_suffix(1);
    } else if (!strip_suffix(text, "\xC2\xA0") && !strip_suffix(text, "\xEF\xBB\xBF")) {
      break;
    }
  }
  return text;
}

bool is_null_word(std::string_view text) {
  for (const std::string_view word : {"NULL", "null", "NA", "N/A", "n/a", "-", "\\N"}) {
    if (text == word) return true;
  }
  return false;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

CellShape cell_shape(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || is_null_word(text)) return CellShape::empty;
  if (is_number(text)) return CellShape::number;
  if (is_date_or_time(text)) return CellShape::date_or_time;
  for (const std::string_view word : {"true", "false", "yes", "no"}) {
    if (equal_ignoring_case(text, word)) return CellShape::boolean;
  }
  const bool blanks = text.find(' ') != std::string_view::npos;
  if (!blanks && (text.find("://") != std::string_view::npos || text.substr(0, 4) == "www."))
    return CellShape::address;
  const std::size_t at = text.find('@');
  if (!blanks && at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos) {
    return CellShape::address;
  }
  const auto of_code = [](char c) {
    return digit(c) || letter(c) || c == '-' || c == '_' || c == '.' || c == '/' || c == '#';
  };
  if (text.size() <= 24 && std::all_of(text.begin(), text.end(), of_code) &&
      std::any_of(text.begin(), text.end(), digit) && std::any_of(text.begin(), text.end(), letter)) {
    return CellShape::code;
  }
  return CellShape::text;
}

std::string cell_signature(std::string_view text) {
  std::string signature;
  for (const char c : text) {
    const char kind = digit(c) ? '9' : letter(c) ? 'A' : c;
    if ((kind == '9' || kind == 'A') && !signature.empty() && signature.back() == kind) continue;
    signature += kind;
  }
  return signature;
}

}  // namespace sluice::csv
