// SPDX-License-Identifier: MIT
#include "core/csv/column_type.hpp"

#include <algorithm>
#include <array>

#include "core/csv/date_text.hpp"
#include "core/csv/token_text.hpp"

namespace sluice::csv {

namespace {

constexpr std::array<std::string_view, 11> kTypeNames{
    "bool", "int", "bigint", "decimal", "double", "date", "datetime", "time", "varchar", "text", "longtext"};

std::string_view character(const char& c) {
  return c == 0 ? std::string_view{} : std::string_view{&c, 1};
}
char character(const std::string& text) {
  return text.empty() ? '\0' : text[0];
}

}  // namespace

std::string_view to_string(Type type) {
  return kTypeNames[static_cast<std::size_t>(type)];
}

std::string encode(const ColumnType& column) {
  const ColumnType standard;
  TokenWriter out;
  out.text("t", to_string(column.type));
  if (column.nullable) out.number("null", 1);
  if (column.type == Type::decimal) {
    out.number("p", column.precision);
    out.number("s", column.scale);
  }
  if (column.fraction != 0) out.number("f", column.fraction);
  if (column.length != 0) out.number("n", column.length);
  if (column.null_form.quoted_empty) out.number("nq", 1);
  if (!column.null_form.word.empty()) out.text("nw", column.null_form.word);
  if (column.null_words) {
    out.number("own", 1);
    for (const std::string& word : *column.null_words) out.text("null_word", word);
  }
  if (column.type == Type::boolean) {
    out.text("yes", column.word_true);
    out.text("no", column.word_false);
  }
  const NumberPattern& number = column.number;
  if (!number.prefix.empty()) out.text("pre", number.prefix);
  if (!number.suffix.empty()) out.text("suf", number.suffix);
  if (number.group != 0) out.text("grp", character(number.group));
  if (number.decimal != '.') out.text("dec", character(number.decimal));
  if (number.min_decimals != 0) out.number("min", number.min_decimals);
  if (!number.sign_first) out.number("sign", 1);
  if (!number.leading_zero) out.number("lz", 0);
  const char exponent = static_cast<char>(number.exponent);
  if (exponent != 0) out.text("exp", character(exponent));
  if (!column.date.format.empty()) out.text("date", column.date.format);
  return out.take();
}

std::optional<ColumnType> decode_column_type(std::string_view text) {
  ColumnType column;
  column.nullable = false;
  bool typed = false;
  TokenReader in{text};
  while (const auto token = in.next()) {
    const auto& [key, value] = *token;
    const std::uint64_t number = TokenReader::number(value);
    const auto small = static_cast<std::uint8_t>(number);
    if (key == "t") {
      const auto found = std::find(kTypeNames.begin(), kTypeNames.end(), value);
      if (found == kTypeNames.end()) return std::nullopt;
      column.type = static_cast<Type>(found - kTypeNames.begin());
      typed = true;
    } else if (key == "null") {
      column.nullable = true;
    } else if (key == "p") {
      column.precision = small;
    } else if (key == "s") {
      column.scale = small;
    } else if (key == "f") {
      column.fraction = std::min<std::uint8_t>(small, 6);
    } else if (key == "n") {
      column.length = static_cast<std::uint32_t>(number);
    } else if (key == "nq") {
      column.null_form.quoted_empty = true;
    } else if (key == "nw") {
      column.null_form.word = value;
    } else if (key == "own") {
      column.null_words.emplace();
    } else if (key == "null_word") {
      if (!column.null_words) return std::nullopt;
      column.null_words->push_back(value);
    } else if (key == "yes") {
      column.word_true = value;
    } else if (key == "no") {
      column.word_false = value;
    } else if (key == "pre") {
      column.number.prefix = value;
    } else if (key == "suf") {
      column.number.suffix = value;
    } else if (key == "grp") {
      column.number.group = character(value);
    } else if (key == "dec") {
      column.number.decimal = character(value);
    } else if (key == "min") {
      column.number.min_decimals = small;
    } else if (key == "sign") {
      column.number.sign_first = false;
    } else if (key == "lz") {
      column.number.leading_zero = false;
    } else if (key == "exp") {
      column.number.exponent = static_cast<std::uint8_t>(character(value));
    } else if (key == "date") {
      column.date.format = value;
    } else {
      return std::nullopt;
    }
  }
  if (in.bad() || !typed || column.scale > column.precision) return std::nullopt;
  const bool dated = is_date(column.type), timed = column.type == Type::datetime || column.type == Type::time;
  if (dated || timed ? !is_pattern(column.date.format, dated, timed) : !column.date.format.empty()) {
    return std::nullopt;
  }
  return column;
}

}  // namespace sluice::csv
