// SPDX-License-Identifier: MIT
// Reading and writing dates by a pattern.
#include "core/csv/date_pattern.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>

#include "core/csv/date_text.hpp"
#include "core/csv/iso_text.hpp"

namespace sluice::csv {

namespace {

constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};

struct Code {
  char letter = 0;
  char flag = 0;  // - ^ _ ? ,
};

// Takes the code after a '%'.
Code take_code(std::string_view format, std::size_t& at) {
  Code code;
  if (at < format.size() && kPatternFlags.find(format[at]) != std::string_view::npos)
    code.flag = format[at++];
  if (at < format.size()) code.letter = format[at++];
  return code;
}

bool take_number(std::string_view text, std::size_t& at, std::size_t most, unsigned& number,
                 std::size_t& digits) {
  const std::size_t start = at;
  number = 0;
  while (at < text.size() && at - start < most && text[at] >= '0' && text[at] <= '9') {
    number = number * 10 + static_cast<unsigned>(text[at++] - '0');
  }
  digits = at - start;
  return digits > 0;
}

void put_number(unsigned number, std::size_t digits, std::string& out) {
  char buffer[8];
  for (std::size_t i = digits; i-- > 0; number /= 10) buffer[i] = static_cast<char>('0' + number % 10);
  out.append(buffer, digits);
}

void put_word(std::string_view word, char flag, std::string& out) {
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    out += static_cast<char>(flag == '^' ? std::toupper(byte) : flag == '_' ? std::tolower(byte) : byte);
  }
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool starts_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace

bool is_pattern(std::string_view format, bool has_date, bool has_time) {
  // Each letter with the flags it may have.
  static constexpr std::string_view kCodes[] = {"Y", "y", "m-",  "d-",  "H-", "I-",
                                                "M", "S", "b^_", "B^_", "p_", "f?,"};
  std::array<int, 128> seen{};
  for (std::size_t f = 0; f < format.size();) {
    if (format[f++] != '%') continue;
    const Code code = take_code(format, f);
    const bool known = std::any_of(std::begin(kCodes), std::end(kCodes), [&](std::string_view allowed) {
      return allowed[0] == code.letter &&
             (code.flag == 0 || allowed.find(code.flag, 1) != std::string_view::npos);
    });
    if (!known || ++seen[static_cast<unsigned char>(code.letter)] > 1) return false;
  }
  const int years = seen['Y'] + seen['y'], months = seen['m'] + seen['b'] + seen['B'],
            hours = seen['H'] + seen['I'];
  const int in_date = has_date ? 1 : 0, in_time = has_time ? 1 : 0;
  if (years != in_date || months != in_date || seen['d'] != in_date) return false;
  return hours == in_time && seen['M'] == in_time && seen['S'] <= in_time && seen['f'] <= seen['S'] &&
         seen['p'] == seen['I'];
}

namespace {

// By far the commonest; nothing: the long way decides.
std::optional<ReadDate> read_iso(std::string_view format, std::string_view text) {
  ReadDate read;
  read.exact = true;
  if (text.size() == kIsoDateSize && format == "%Y-%m-%d" && read_iso_date(text.data(), read.value.date))
    return read;
  if (text.size() == kIsoDateTimeSize && format == "%Y-%m-%d %H:%M:%S" &&
      read_iso_datetime(text.data(), read.value))
    return read;
  return std::nullopt;
}

}  // namespace

std::optional<ReadDate> read_date(const DatePattern& pattern, std::uint8_t fraction, std::string_view text) {
  if (auto iso = read_iso(pattern.format, text)) return iso;
  ReadDate read;
  read.exact = true;
  const std::string_view format = pattern.format;
  bool half_day = false, pm = false, has_date = false;
  unsigned hour = 0, year = 1, month = 1, day = 1, minute = 0, second = 0, micro = 0;
  std::size_t at = 0;
  for (std::size_t f = 0; f < format.size();) {
    if (format[f] != '%') {
      if (at >= text.size() || text[at] != format[f]) return std::nullopt;
      ++at;
      ++f;
      continue;
    }
    const Code code = take_code(format, ++f);
    unsigned number = 0;
    std::size_t digits = 0;
    switch (code.letter) {
      case 'Y':
        if (!take_number(text, at, 4, year, digits) || digits != 4) return std::nullopt;
        has_date = true;
        break;
      case 'y':
        if (!take_number(text, at, 2, number, digits) || digits != 2) return std::nullopt;
        year = number + (number >= 70 ? 1900 : 2000);
        has_date = true;
        break;
      case 'm':
      case 'd':
      case 'H':
      case 'I':
      case 'M':
      case 'S': {
        if (!take_number(text, at, 2, number, digits)) return std::nullopt;
        const bool zero_ahead = digits == 2 && number < 10;
        if (code.flag == '-' ? zero_ahead : digits != 2) read.exact = false;
        if ((code.letter == 'M' || code.letter == 'S') && digits != 2) return std::nullopt;
        (code.letter == 'm'   ? month
         : code.letter == 'd' ? day
         : code.letter == 'M' ? minute
         : code.letter == 'S' ? second
                              : hour) = number;
        break;
      }
      case 'b':
      case 'B': {
        month = 0;
        for (unsigned i = 0; i < 12 && month == 0; ++i) {
          const std::string_view rest = text.substr(at);
          const std::string_view whole = kMonths[i];
          const std::string_view word = starts_with_word(rest, whole) ? whole : whole.substr(0, 3);
          if (!starts_with_word(rest, word)) continue;
          month = i + 1;
          std::string written;
          put_word(code.letter == 'b' ? whole.substr(0, 3) : whole, code.flag, written);
          if (rest.substr(0, word.size()) != written) read.exact = false;
          at += word.size();
        }
        if (month == 0) return std::nullopt;
        break;
      }
      case 'p': {
        half_day = true;
        const std::string_view rest = text.substr(at, 2);
        pm = starts_with_word(rest, "PM");
        if (!pm && !starts_with_word(rest, "AM")) return std::nullopt;
        std::string written;
        put_word(pm ? "PM" : "AM", code.flag, written);
        if (rest != written) read.exact = false;
        at += 2;
        break;
      }
      case 'f': {
        if (at >= text.size() || text[at] != (code.flag == ',' ? ',' : '.')) {
          if (code.flag != '?') read.exact = false;
          break;
        }
        ++at;
        if (!take_number(text, at, 6, micro, digits)) return std::nullopt;
        for (std::size_t i = digits; i < 6; ++i) micro *= 10;
        if (digits > fraction) {
          // Digits the column does not keep may only be zeros.
          unsigned unit = 1;
          for (std::size_t i = fraction; i < 6; ++i) unit *= 10;
          if (micro % unit != 0) return std::nullopt;
        }
        if (digits != fraction || (code.flag == '?' && micro == 0)) read.exact = false;
        break;
      }
      default:
        return std::nullopt;
    }
  }
  if (at != text.size()) return std::nullopt;
  if (half_day) {
    if (hour < 1 || hour > 12) return std::nullopt;
    hour = hour % 12 + (pm ? 12 : 0);
  }
  if (hour > 23 || minute > 59 || second > 59 || month > 12 || day > 31) return std::nullopt;
  read.value.date = {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                     static_cast<std::uint8_t>(day)};
  read.value.time = {static_cast<std::uint8_t>(hour), static_cast<std::uint8_t>(minute),
                     static_cast<std::uint8_t>(second), micro};
  if (has_date && !is_valid(read.value.date)) return std::nullopt;
  return read;
}

void render_date(const DatePattern& pattern, std::uint8_t fraction, const DateTime& value, std::string& out) {
  const std::string_view format = pattern.format;
  for (std::size_t f = 0; f < format.size();) {
    if (format[f] != '%') {
      out += format[f++];
      continue;
    }
    const Code code = take_code(format, ++f);
    const auto put = [&](unsigned number) {
      put_number(number, code.flag == '-' && number < 10 ? 1 : 2, out);
    };
    switch (code.letter) {
      case 'Y':
        put_number(static_cast<unsigned>(value.date.year), 4, out);
        break;
      case 'y':
        put_number(static_cast<unsigned>(value.date.year) % 100, 2, out);
        break;
      case 'm':
        put(value.date.month);
        break;
      case 'd':
        put(value.date.day);
        break;
      case 'H':
        put(value.time.hour);
        break;
      case 'I':
        put(value.time.hour % 12 == 0 ? 12u : value.time.hour % 12u);
        break;
      case 'M':
        put(value.time.minute);
        break;
      case 'S':
        put(value.time.second);
        break;
      case 'b':
      case 'B':
        put_word(kMonths[value.date.month - 1].substr(0, code.letter == 'b' ? 3 : std::string_view::npos),
                 code.flag, out);
        break;
      case 'p':
        put_word(value.time.hour >= 12 ? "PM" : "AM", code.flag, out);
        break;
      case 'f': {
        if (code.flag == '?' && value.time.microsecond == 0) break;
        char buffer[8];
        unsigned micro = value.time.microsecond;
        for (std::size_t i = 6; i-- > 0; micro /= 10) buffer[i] = static_cast<char>('0' + micro % 10);
        out += code.flag == ',' ? ',' : '.';
        out.append(buffer, fraction);
        break;
      }
      default:
        break;
    }
  }
}

}  // namespace sluice::csv
