// SPDX-License-Identifier: MIT
// Cells in and out of a column whose type is known.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/csv/cell_shape.hpp"
#include "core/csv/column_type.hpp"
#include "core/csv/date_text.hpp"
#include "core/csv/encoding.hpp"
#include "core/csv/number_text.hpp"
#include "core/csv/type_stats.hpp"

namespace sluice::csv {

namespace {

constexpr ParsedCell kBad{{}, CellStatus::bad_type};
constexpr ParsedCell kBeyond{{}, CellStatus::out_of_range};

CellStatus status(bool exact) {
  return exact ? CellStatus::exact : CellStatus::written_otherwise;
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_null_word(const ColumnType& column, std::string_view text) {
  if (column.null_words)
    return std::find(column.null_words->begin(), column.null_words->end(), text) != column.null_words->end();
  if (text.size() > 4) return false;
  const char first = text[0];  // tells numbers from all of these words
  if (first != 'N' && first != 'n' && first != '-' && first != '\\') return false;
  return std::find(kNullWords.begin(), kNullWords.end(), text) != kNullWords.end();
}

// Plain whole numbers without any pattern: by far the commonest cells.
bool read_plain_integer(std::string_view text, std::int64_t& value) {
  const bool minus = text[0] == '-';
  const std::string_view digits = text.substr(minus ? 1 : 0);
  if (digits.empty() || digits.size() > 18 || (digits[0] == '0' && text.size() > 1)) return false;
  value = 0;
  for (const char c : digits) {
    if (!digit(c)) return false;
    value = value * 10 + (c - '0');
  }
  if (minus) value = -value;
  return true;
}

bool is_plain(const NumberPattern& pattern) {
  return pattern.group == 0 && pattern.prefix.empty() && pattern.suffix.empty();
}

bool fits(Type type, std::int64_t value) {
  return type != Type::integer || (value >= std::numeric_limits<std::int32_t>::min() &&
                                   value <= std::numeric_limits<std::int32_t>::max());
}

struct ReadNumber {
  NumberParts parts;
  Digits digits;
};

// Reads a cell by the pattern's decimal and group marks, however else it is written. A cell may lack the
// column's currency mark, or have one where the column has none; another mark is another value.
bool read_number(const NumberPattern& pattern, std::string_view text, ReadNumber& read) {
  if (!take_apart(text, read.parts)) return false;
  const NumberParts& parts = read.parts;
  const bool bare = parts.prefix.empty() && parts.suffix.empty();
  const bool same = parts.prefix == pattern.prefix && parts.suffix == pattern.suffix;
  if (!bare && !same && !(pattern.prefix.empty() && pattern.suffix.empty())) return false;
  return read_digits(parts.body, {pattern.group, pattern.decimal}, read.digits);
}

ParsedCell parse_integer(const ColumnType& column, std::string_view text) {
  std::int64_t value = 0;
  if (is_plain(column.number) && column.number.min_decimals == 0 && read_plain_integer(text, value)) {
    if (!fits(column.type, value)) return kBeyond;
    return {value, CellStatus::exact};
  }
  ReadNumber read;
  if (!read_number(column.number, text, read) || !read.parts.exponent.empty()) return kBad;
  if (read.digits.natural_decimals > 0) return kBad;  // 1.6 is no integer
  const std::string plain = plain_text(read.parts.minus, read.digits, 0);
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (error != std::errc{} || !fits(column.type, value)) return kBeyond;
  std::string written;
  render_number(column.number, plain, written);
  return {value, status(written == text)};
}

// Of "-12.50" under a pattern without marks and groups. Nothing when it is anything else: then the long way
// decides.
std::optional<CellStatus> status_of_plain_decimal(const ColumnType& column, std::string_view text) {
  const NumberPattern& pattern = column.number;
  if (!is_plain(pattern) || pattern.decimal != '.' || !pattern.leading_zero || text.size() > Decimal::kMax)
    return std::nullopt;
  const std::size_t start = text[0] == '-' ? 1 : 0;
  std::size_t at = start;
  bool zero = true;
  while (at < text.size() && digit(text[at])) zero &= text[at++] == '0';
  const std::size_t whole = at - start;
  if (whole == 0 || (whole > 1 && text[start] == '0') || whole > std::size_t{column.precision} - column.scale)
    return std::nullopt;
  std::size_t decimals = 0, natural = 0;
  if (at < text.size()) {
    if (text[at] != '.') return std::nullopt;
    const std::size_t mark = at++;
    for (; at < text.size() && digit(text[at]); ++at) {
      if (text[at] != '0') natural = at - mark;
    }
    decimals = at - mark - 1;
    if (decimals == 0 || at != text.size() || decimals > column.scale) return std::nullopt;
  }
  if (start == 1 && zero && natural == 0) return std::nullopt;  // -0
  return status(decimals == std::max<std::size_t>(pattern.min_decimals, natural));
}

ParsedCell parse_decimal(const ColumnType& column, std::string_view text) {
  if (const auto plain = status_of_plain_decimal(column, text)) return {Decimal{text}, *plain};
  ReadNumber read;
  if (!read_number(column.number, text, read) || !read.parts.exponent.empty()) return kBad;
  const Digits& digits = read.digits;
  if (digits.natural_decimals > column.scale) return kBeyond;
  if (digits.whole > column.precision - column.scale && !(digits.whole == 1 && digits.chars[0] == '0'))
    return kBeyond;
  const std::string plain =
      plain_text(read.parts.minus, digits, std::min<std::size_t>(digits.decimals, column.scale));
  std::string written;
  render_number(column.number, plain, written);
  return {Decimal{plain}, status(written == text)};
}

ParsedCell parse_real(const ColumnType& column, std::string_view text) {
  if (const auto common = read_scientific(text)) {
    const NumberPattern& pattern = column.number;
    if (pattern.decimal == '.' && pattern.exponent == common->letter &&
        pattern.min_decimals == common->decimals)
      return {value_of(*common, text), CellStatus::exact};
  }
  NumberParts parts;
  Digits digits;
  if (!take_apart(text, parts) || !parts.prefix.empty() || !parts.suffix.empty()) return kBad;
  if (!read_digits(parts.body, {column.number.group, column.number.decimal}, digits)) return kBad;
  std::string plain = plain_text(parts.minus, digits, digits.decimals);
  plain += parts.exponent;
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (error == std::errc::result_out_of_range) return kBeyond;
  if (error != std::errc{} || end != plain.data() + plain.size()) return kBad;
  std::string written;
  render_real(column.number, value, written);
  return {value, status(written == text)};
}

ParsedCell parse_boolean(const ColumnType& column, std::string_view text) {
  for (const bool value : {true, false}) {
    const std::string& word = value ? column.word_true : column.word_false;
    if (text == word) return {value, CellStatus::exact};
    if (equal_ignoring_case(text, word)) return {value, CellStatus::written_otherwise};
  }
  return kBad;
}

ParsedCell parse_date(const ColumnType& column, std::string_view text) {
  const auto read = read_date(column.date, column.fraction, text);
  if (!read) return kBad;
  if (column.type == Type::date) return {read->value.date, status(read->exact)};
  if (column.type == Type::time) return {read->value.time, status(read->exact)};
  return {read->value, status(read->exact)};
}

void put_iso(const ColumnType& column, const DateTime& value, std::string& out) {
  static const DatePattern kDate{"%Y-%m-%d"}, kTime{"%H:%M:%S"};
  static const DatePattern kFraction{"%f"};
  if (column.type != Type::time) render_date(kDate, 0, value, out);
  if (column.type == Type::datetime) out += ' ';
  if (column.type != Type::date) render_date(kTime, 0, value, out);
  if (column.fraction > 0) render_date(kFraction, column.fraction, value, out);
}

DateTime as_datetime(const TypedValue& value) {
  if (const auto* date = std::get_if<Date>(&value)) return {*date, {}};
  if (const auto* time = std::get_if<TimeOfDay>(&value)) return {{}, *time};
  return std::get<DateTime>(value);
}

}  // namespace

ParsedCell parse_cell(const ColumnType& column, const Field& field) {
  const std::string_view text = field.text;
  if (is_text(column.type)) {
    if (text.empty() && !field.quoted) return {{}, status(column.null_form == NullForm{})};
    if (column.null_words && is_null_word(column, text)) return {{}, status(text == column.null_form.word)};
    if (column.type == Type::varchar && text.size() > column.length && utf8_characters(text) > column.length)
      return kBeyond;
    if (column.type == Type::text && text.size() > 65'535) return kBeyond;
    return {text, CellStatus::exact};
  }
  const NullForm& null_form = column.null_form;
  if (text.empty()) return {{}, status(null_form.word.empty() && null_form.quoted_empty == field.quoted)};
  if (is_null_word(column, text)) return {{}, status(text == null_form.word)};
  switch (column.type) {
    case Type::boolean:
      return parse_boolean(column, text);
    case Type::integer:
    case Type::bigint:
      return parse_integer(column, text);
    case Type::decimal:
      return parse_decimal(column, text);
    case Type::real:
      return parse_real(column, text);
    default:
      return parse_date(column, text);
  }
}

bool render_cell(const ColumnType& column, const TypedValue& value, std::string& out) {
  if (is_null(value)) {
    out += column.null_form.word;
    return column.null_form.quoted_empty || !column.null_form.word.empty();
  }
  switch (column.type) {
    case Type::boolean:
      out += std::get<bool>(value) ? column.word_true : column.word_false;
      return true;
    case Type::integer:
    case Type::bigint: {
      char buffer[24];
      const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::get<std::int64_t>(value)).ptr;
      const std::string_view plain{buffer, static_cast<std::size_t>(end - buffer)};
      if (is_plain(column.number) && column.number.min_decimals == 0) {
        out += plain;
      } else {
        render_number(column.number, plain, out);
      }
      return true;
    }
    case Type::decimal:
      render_number(column.number, std::get<Decimal>(value).view(), out);
      return true;
    case Type::real:
      render_real(column.number, std::get<double>(value), out);
      return true;
    case Type::date:
    case Type::datetime:
    case Type::time:
      render_date(column.date, column.fraction, as_datetime(value), out);
      return true;
    default:
      out += std::get<std::string_view>(value);
      return true;
  }
}

bool render_typed(const ColumnType& column, const TypedValue& value, std::string& out) {
  if (is_null(value)) return false;
  switch (column.type) {
    case Type::boolean:
      out += std::get<bool>(value) ? "true" : "false";
      return true;
    case Type::integer:
    case Type::bigint:
      out += std::to_string(std::get<std::int64_t>(value));
      return true;
    case Type::decimal: {
      NumberPattern plain;
      plain.min_decimals = column.scale;
      render_number(plain, std::get<Decimal>(value).view(), out);
      return true;
    }
    case Type::real:
      render_real({}, std::get<double>(value), out);
      return true;
    case Type::date:
    case Type::datetime:
    case Type::time:
      put_iso(column, as_datetime(value), out);
      return true;
    default:
      out += std::get<std::string_view>(value);
      return true;
  }
}

}  // namespace sluice::csv
