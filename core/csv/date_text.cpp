// SPDX-License-Identifier: MIT
#include "core/csv/date_text.hpp"

#include <algorithm>

#include "core/csv/cell_shape.hpp"

namespace sluice::csv {

namespace {

constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool letter(char c) {
  return upper(c) || (c >= 'a' && c <= 'z');
}

// T, U or L; 0 for any other mixture.
char case_of(std::string_view word) {
  const bool first = upper(word[0]);
  const auto uppers = static_cast<std::size_t>(std::count_if(word.begin(), word.end(), upper));
  if (uppers == word.size()) return 'U';
  if (uppers == 0) return 'L';
  return first && uppers == 1 ? 'T' : '\0';
}

bool take_month(std::string_view word, DateParts& parts) {
  if (parts.month != 0) return false;
  for (std::size_t i = 0; i < 12; ++i) {
    const bool whole = equal_ignoring_case(word, kMonths[i]);
    if (!whole && !equal_ignoring_case(word, kMonths[i].substr(0, 3))) continue;
    parts.month = static_cast<std::uint8_t>(i + 1);
    parts.either_length = i == 4;
    parts.long_name = whole && i != 4;
    parts.name_case = case_of(word);
    return parts.name_case != 0;
  }
  return false;
}

bool take_half(std::string_view word, DateParts& parts) {
  const bool pm = equal_ignoring_case(word, "pm");
  if (!pm && !equal_ignoring_case(word, "am")) return false;
  parts.pm = pm;
  parts.half_case = case_of(word);
  return parts.half_case == 'U' || parts.half_case == 'L';
}

}  // namespace

std::string_view to_string(DateOrder order) {
  static constexpr std::string_view kNames[] = {"", "ymd", "dmy", "mdy", "ambiguous", "contradictory"};
  return kNames[static_cast<std::size_t>(order)];
}

bool take_apart(std::string_view text, DateParts& parts) {
  if (text.size() < 4 || text.size() >= parts.shape_chars.size()) return false;
  parts.shape_size = parts.count = parts.fraction_digits = parts.month = 0;
  parts.microsecond = 0;
  parts.long_name = parts.either_length = parts.pm = false;
  std::size_t at = 0;
  const auto add = [&](char c) { parts.shape_chars[parts.shape_size++] = c; };
  while (at < text.size()) {
    const std::size_t start = at;
    if (digit(text[at])) {
      std::uint32_t number = 0;
      while (at < text.size() && digit(text[at]) && at - start < 5)
        number = number * 10 + static_cast<std::uint32_t>(text[at++] - '0');
      const std::size_t length = at - start;
      if ((length > 2 && length != 4) || parts.count == DateParts::kMost) return false;
      parts.numbers[parts.count] = static_cast<std::uint16_t>(number);
      parts.digits[parts.count++] = static_cast<std::uint8_t>(length);
      add(length == 4 ? '4' : '9');
    } else if (letter(text[at])) {
      while (at < text.size() && letter(text[at])) ++at;
      const std::string_view word = text.substr(start, at - start);
      if (word == "T" || word == "Z") {
        add(word[0]);
      } else if (take_month(word, parts)) {
        add('b');
      } else if (take_half(word, parts)) {
        add('p');
      } else {
        return false;
      }
    } else if (text[at] == '.' && parts.fraction_digits == 0 && parts.shape_size >= 5 &&
               parts.shape().substr(parts.shape_size - 5) == "9:9:9") {
      ++at;
      std::uint32_t number = 0;
      while (at < text.size() && digit(text[at]) && at - start <= 6)
        number = number * 10 + static_cast<std::uint32_t>(text[at++] - '0');
      parts.fraction_digits = static_cast<std::uint8_t>(at - start - 1);
      if (parts.fraction_digits == 0 || (at < text.size() && digit(text[at]))) return false;
      for (std::size_t i = parts.fraction_digits; i < 6; ++i) number *= 10;
      parts.microsecond = number;
    } else {
      const char c = text[at++];
      if (c != '-' && c != '/' && c != '.' && c != ' ' && c != ':' && c != ',') return false;
      add(c);
    }
  }
  return parts.count >= 2;
}

std::optional<DateShape> understand(std::string_view text) {
  DateShape shape;
  std::uint8_t part = 0;
  const auto take_time = [&](std::string_view& rest) {
    if (rest.substr(0, 3) != "9:9") return false;
    shape.has_time = true;
    shape.first_time_part = part;
    rest.remove_prefix(3);
    part = static_cast<std::uint8_t>(part + 2);
    if (rest.substr(0, 2) == ":9") {
      shape.has_second = true;
      rest.remove_prefix(2);
      ++part;
    }
    if (rest.substr(0, 1) == "p" || rest.substr(0, 2) == " p") {
      shape.half_day = true;
      rest.remove_prefix(rest[0] == 'p' ? 1 : 2);
    }
    return true;
  };
  const auto take_date = [&](std::string_view& rest) {
    const auto numeric = [&](std::string_view five) {
      if (five.size() < 5 || five[1] != five[3]) return false;
      const char mark = five[1];
      if (mark != '-' && mark != '/' && mark != '.') return false;
      const bool first4 = five[0] == '4', last4 = five[4] == '4';
      if (five[2] != '9' || (first4 && last4) || !(first4 || five[0] == '9') || !(last4 || five[4] == '9'))
        return false;
      if (first4) {
        shape.orders[static_cast<std::size_t>(NumericOrder::ymd)] = true;
      } else {
        shape.orders[static_cast<std::size_t>(NumericOrder::dmy)] = true;
        shape.orders[static_cast<std::size_t>(NumericOrder::mdy)] = true;
        // 17-01-02 may begin with the year; nobody writes 17/01/02 that way.
        if (!last4) shape.orders[static_cast<std::size_t>(NumericOrder::ymd)] = mark != '/';
      }
      return true;
    };
    if (numeric(rest.substr(0, 5))) {
      rest.remove_prefix(5);
      shape.date_parts = {part, static_cast<std::uint8_t>(part + 1), static_cast<std::uint8_t>(part + 2)};
      part = static_cast<std::uint8_t>(part + 3);
    } else {
      // day, name, year | name, day, year | year, name, day
      static constexpr std::string_view kNamed[] = {"9 b 4", "9-b-4", "9/b/4", "9.b.4",  "9 b, 4",
                                                    "9-b-9", "9 b 9", "b 9 4", "b 9, 4", "b-9-4",
                                                    "b/9/4", "4-b-9", "4 b 9"};
      std::string_view found;
      for (const std::string_view form : kNamed) {
        if (form.size() > found.size() && rest.substr(0, form.size()) == form) found = form;
      }
      if (found.empty()) return false;
      rest.remove_prefix(found.size());
      shape.named_month = true;
      shape.orders[static_cast<std::size_t>(NumericOrder::ymd)] = true;
      const bool year_first = found[0] == '4';
      const auto next = static_cast<std::uint8_t>(part + 1);
      shape.date_parts = {year_first ? next : part, year_first ? part : next, 0};  // day, year
      part = static_cast<std::uint8_t>(part + 2);
    }
    shape.has_date = true;
    return true;
  };

  std::string_view rest = text;
  const auto take_joint = [&] {
    for (const std::string_view joint : {"T", ", ", " "}) {
      if (rest.substr(0, joint.size()) != joint) continue;
      rest.remove_prefix(joint.size());
      return true;
    }
    return false;
  };
  if (take_time(rest)) {
    if (!rest.empty() && (!take_joint() || !take_date(rest))) return std::nullopt;
  } else if (take_date(rest)) {
    if (!rest.empty() && (!take_joint() || !take_time(rest))) return std::nullopt;
    if (rest == "Z" && shape.has_time) rest = {};
  }
  if (!rest.empty() || (!shape.has_date && !shape.has_time)) return std::nullopt;
  return shape;
}

std::optional<DateTime> value_of(const DateParts& parts, const DateShape& shape, NumericOrder order) {
  DateTime value;
  if (shape.has_date) {
    int year, month, day;
    std::uint8_t year_digits;
    const auto number = [&](std::size_t i) { return static_cast<int>(parts.numbers[shape.date_parts[i]]); };
    if (shape.named_month) {
      day = number(0);
      month = parts.month;
      year = number(1);
      year_digits = parts.digits[shape.date_parts[1]];
      if (parts.digits[shape.date_parts[0]] > 2) return std::nullopt;
    } else {
      const std::size_t y = order == NumericOrder::ymd ? 0 : 2;
      const std::size_t m = order == NumericOrder::mdy ? 0 : 1;
      const std::size_t d = order == NumericOrder::ymd ? 2 : order == NumericOrder::dmy ? 0 : 1;
      year = number(y);
      month = number(m);
      day = number(d);
      year_digits = parts.digits[shape.date_parts[y]];
    }
    if (year_digits == 1) return std::nullopt;
    if (year_digits == 2) year += year >= 70 ? 1900 : 2000;
    if (month > 12 || day > 31) return std::nullopt;
    value.date = {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                  static_cast<std::uint8_t>(day)};
    if (!is_valid(value.date)) return std::nullopt;
  }
  if (shape.has_time) {
    const std::size_t h = shape.first_time_part;
    int hour = parts.numbers[h];
    const int minute = parts.numbers[h + 1];
    const int second = shape.has_second ? parts.numbers[h + 2] : 0;
    // 16:9 is a ratio: minutes and seconds have two digits.
    if (parts.digits[h + 1] != 2 || (shape.has_second && parts.digits[h + 2] != 2)) return std::nullopt;
    if (shape.half_day) {
      if (hour < 1 || hour > 12) return std::nullopt;
      hour = hour % 12 + (parts.pm ? 12 : 0);
    }
    if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
    value.time = {static_cast<std::uint8_t>(hour), static_cast<std::uint8_t>(minute),
                  static_cast<std::uint8_t>(second), parts.microsecond};
  }
  return value;
}

DatePattern make_pattern(std::string_view shape_text, const DateShape& shape, const DateStyle& style) {
  DatePattern pattern;
  std::size_t number = 0;
  const auto role_of = [&](std::size_t part) -> char {
    if (shape.has_time && part >= shape.first_time_part &&
        part < static_cast<std::size_t>(shape.first_time_part) + (shape.has_second ? 3 : 2)) {
      const char kRoles[] = {shape.half_day ? 'I' : 'H', 'M', 'S'};
      return kRoles[part - shape.first_time_part];
    }
    if (shape.named_month) return part == shape.date_parts[0] ? 'd' : 'y';
    const std::size_t place = part - shape.date_parts[0];
    if (style.order == NumericOrder::ymd) return "ymd"[place];
    return style.order == NumericOrder::dmy ? "dmy"[place] : "mdy"[place];
  };
  for (const char c : shape_text) {
    if (c == '9' || c == '4') {
      const char role = role_of(number);
      pattern.format += '%';
      if (role == 'y') {
        pattern.format += c == '4' ? 'Y' : 'y';
      } else {
        if (role != 'M' && role != 'S' && !style.padded[number]) pattern.format += '-';
        pattern.format += role;
      }
      ++number;
      if (role == 'S' && style.fraction) pattern.format += style.fraction_optional ? "%?f" : "%f";
    } else if (c == 'b') {
      pattern.format += '%';
      if (style.name_case == 'U') pattern.format += '^';
      if (style.name_case == 'L') pattern.format += '_';
      pattern.format += style.long_name ? 'B' : 'b';
    } else if (c == 'p') {
      pattern.format += style.half_case == 'L' ? "%_p" : "%p";
    } else {
      pattern.format += c;
    }
  }
  return pattern;
}

}  // namespace sluice::csv
