// SPDX-License-Identifier: MIT
#include "core/csv/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace sluice::csv {

namespace {

constexpr std::string_view kMarks[] = {"US$", "$",   "€",   "£",   "¥",   "₹",  "USD",
                                       "EUR", "GBP", "CHF", "JPY", "CAD", "AUD"};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t mark_at_start(std::string_view text) {
  for (const std::string_view mark : kMarks) {
    if (text.substr(0, mark.size()) != mark) continue;
    const bool blank = text.size() > mark.size() && text[mark.size()] == ' ';
    return mark.size() + (blank ? 1 : 0);
  }
  return 0;
}

std::size_t mark_at_end(std::string_view text) {
  std::size_t size = 0;
  if (text.back() == '%') size = 1;
  for (const std::string_view mark : kMarks) {
    if (size == 0 && text.size() > mark.size() && text.substr(text.size() - mark.size()) == mark)
      size = mark.size();
  }
  if (size == 0) return 0;
  const bool blank = text.size() > size && text[text.size() - size - 1] == ' ';
  return size + (blank ? 1 : 0);
}

bool take_sign(std::string_view& text, NumberParts& parts) {
  if (text.empty() || (text[0] != '-' && text[0] != '+')) return false;
  (text[0] == '-' ? parts.minus : parts.plus) = true;
  text.remove_prefix(1);
  return true;
}

}  // namespace

bool take_apart(std::string_view text, NumberParts& parts) {
  parts = {};
  const std::size_t length = text.size();
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  parts.padded = text.size() != length;
  if (text.empty() || text.size() > 80) return false;
  const bool sign = take_sign(text, parts);
  if (text.empty()) return false;
  if (!digit(text[0]) && text[0] != '.' && text[0] != ',') {
    const std::size_t size = mark_at_start(text);
    if (size == 0) return false;
    parts.prefix = text.substr(0, size);
    text.remove_prefix(size);
    if (!sign && take_sign(text, parts)) parts.sign_first = false;
  }
  if (text.empty()) return false;
  if (!digit(text.back())) {
    const std::size_t size = mark_at_end(text);
    if (size == 0 || size >= text.size()) return false;
    parts.suffix = text.substr(text.size() - size);
    text.remove_suffix(size);
  }
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    std::size_t at = e + 1;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (at == text.size() || e == 0 || text.size() - at > 4) return false;
    if (!std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), digit)) return false;
    parts.exponent = text.substr(e);
    text = text.substr(0, e);
  }
  if (text.empty() || !digit(text.back())) return false;
  for (const char c : text) {
    if (!digit(c) && c != '.' && c != ',' && c != ' ' && c != '\'') return false;
  }
  parts.body = text;
  return true;
}

bool Digits::is_zero() const {
  return std::all_of(chars.begin(), chars.begin() + whole + decimals, [](char c) { return c == '0'; });
}

bool read_digits(std::string_view body, Convention convention, Digits& digits) {
  digits.whole = digits.decimals = digits.natural_decimals = 0;
  digits.grouped = false;
  const std::size_t mark = body.find(convention.decimal);
  const std::string_view whole = body.substr(0, mark);
  std::size_t size = 0;
  std::size_t since_group = 0;
  for (const char c : whole) {
    if (digit(c)) {
      if (size == digits.chars.size() - 1) return false;
      digits.chars[size++] = c;
      ++since_group;
    } else {
      if (c != convention.group || convention.group == 0) return false;
      if (since_group == 0 || since_group > 3 || (digits.grouped && since_group != 3)) return false;
      digits.grouped = true;
      since_group = 0;
    }
  }
  if (digits.grouped && since_group != 3) return false;
  digits.whole = static_cast<std::uint8_t>(size);
  if (size > 1 && digits.chars[0] == '0') return false;
  if (mark != std::string_view::npos) {
    const std::string_view decimals = body.substr(mark + 1);
    if (decimals.empty() || size + decimals.size() > digits.chars.size() - 1) return false;
    for (const char c : decimals) {
      if (!digit(c)) return false;
      digits.chars[size++] = c;
    }
    digits.decimals = static_cast<std::uint8_t>(decimals.size());
    std::size_t natural = decimals.size();
    while (natural > 0 && decimals[natural - 1] == '0') --natural;
    digits.natural_decimals = static_cast<std::uint8_t>(natural);
  }
  return size > 0;
}

std::string plain_text(bool minus, const Digits& digits, std::size_t decimals) {
  std::string text;
  if (minus && !digits.is_zero()) text += '-';
  if (digits.whole == 0) {
    text += '0';
  } else {
    text += digits.whole_digits();
  }
  if (decimals > 0 && digits.decimals > 0) {
    text += '.';
    text += digits.decimal_digits().substr(0, decimals);
  }
  return text;
}

std::optional<Scientific> read_scientific(std::string_view text) {
  const bool minus = !text.empty() && text[0] == '-';
  if (minus) text.remove_prefix(1);
  if (text.size() < 5 || !digit(text[0]) || text[0] == '0') return std::nullopt;
  Scientific read{};
  read.mantissa = text[0] - '0';
  std::size_t at = 1;
  if (text[at] == '.') {
    while (++at < text.size() && digit(text[at])) {
      if (++read.decimals > 14) return std::nullopt;
      read.mantissa = read.mantissa * 10 + (text[at] - '0');
    }
    if (read.decimals == 0) return std::nullopt;
    read.trailing_zero = text[at - 1] == '0';
  }
  if (text.size() != at + 4 || (text[at] != 'e' && text[at] != 'E')) return std::nullopt;
  read.letter = text[at];
  const char sign = text[at + 1];
  if ((sign != '-' && sign != '+') || !digit(text[at + 2]) || !digit(text[at + 3])) return std::nullopt;
  read.exponent = (text[at + 2] - '0') * 10 + (text[at + 3] - '0');
  if (sign == '-' && read.exponent == 0) return std::nullopt;
  if (sign == '-') read.exponent = -read.exponent;
  if (minus) read.mantissa = -read.mantissa;
  return read;
}

double value_of(const Scientific& number, std::string_view text) {
  // Both factors are exact doubles, so that their product is the nearest one (Clinger 1990).
  static constexpr std::array<double, 23> kPowers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const int power = number.exponent - number.decimals;
  const auto mantissa = static_cast<double>(number.mantissa);
  if (power >= 0 && power < static_cast<int>(kPowers.size()))
    return mantissa * kPowers[static_cast<std::size_t>(power)];
  if (power < 0 && -power < static_cast<int>(kPowers.size()))
    return mantissa / kPowers[static_cast<std::size_t>(-power)];
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void render_number(const NumberPattern& pattern, std::string_view plain, std::string& out) {
  const bool minus = !plain.empty() && plain[0] == '-';
  if (minus) plain.remove_prefix(1);
  const std::size_t point = plain.find('.');
  std::string_view whole = plain.substr(0, point);
  std::string_view decimals = point == std::string_view::npos ? std::string_view{} : plain.substr(point + 1);
  while (!decimals.empty() && decimals.size() > pattern.min_decimals && decimals.back() == '0')
    decimals.remove_suffix(1);
  if (minus && pattern.sign_first) out += '-';
  out += pattern.prefix;
  if (minus && !pattern.sign_first) out += '-';
  if (whole == "0" && !pattern.leading_zero && !decimals.empty()) whole = {};
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (pattern.group != 0 && i > 0 && (whole.size() - i) % 3 == 0) out += pattern.group;
    out += whole[i];
  }
  if (!decimals.empty() || pattern.min_decimals > 0) {
    out += pattern.decimal;
    out += decimals;
    for (std::size_t i = decimals.size(); i < pattern.min_decimals; ++i) out += '0';
  }
  out += pattern.suffix;
}

namespace {

void append_real(const NumberPattern& pattern, double value, std::string& out) {
  char buffer[512];
  if (pattern.exponent != 0) {
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific,
                                   pattern.min_decimals)
                         .ptr;
    std::replace(buffer, end, 'e', static_cast<char>(pattern.exponent));
    out.append(buffer, end);
    return;
  }
  const double size = std::fabs(value);
  if (size != 0 && (size < 1e-4 || size >= 1e16)) {
    out.append(buffer,
               std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr);
    return;
  }
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
  const std::string_view text{buffer, static_cast<std::size_t>(end - buffer)};
  out += text;
  const std::size_t point = text.find('.');
  std::size_t decimals = point == std::string_view::npos ? 0 : text.size() - point - 1;
  if (decimals == 0 && pattern.min_decimals > 0) out += '.';
  for (; decimals < pattern.min_decimals; ++decimals) out += '0';
}

}  // namespace

void render_real(const NumberPattern& pattern, double value, std::string& out) {
  const auto start = static_cast<std::ptrdiff_t>(out.size());
  append_real(pattern, value, out);
  if (pattern.decimal != '.') std::replace(out.begin() + start, out.end(), '.', pattern.decimal);
}

}  // namespace sluice::csv
