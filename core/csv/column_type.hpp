// SPDX-License-Identifier: MIT
// The type of a column, and the rule that renders each of its values back to the characters in the file.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/date_pattern.hpp"
#include "core/csv/number_pattern.hpp"
#include "core/csv/record.hpp"
#include "core/csv/value.hpp"

namespace sluice::csv {

enum class Type : std::uint8_t {
  boolean,
  integer,
  bigint,
  decimal,
  real,
  date,
  datetime,
  time,
  varchar,
  text,
  longtext,
};
std::string_view to_string(
    Type type);  // "bool" "int" "bigint" "decimal" "double" "date" "datetime" "time" "varchar" ...
inline bool is_text(Type type) {
  return type >= Type::varchar;
}
inline bool is_date(Type type) {
  return type == Type::date || type == Type::datetime;
}

// What a NULL of the column looks like in the file.
struct NullForm {
  bool quoted_empty = false;  // ""
  std::string word;           // "NA"; empty: an empty field
  bool operator==(const NullForm&) const = default;
};

struct ColumnType {
  Type type = Type::text;
  bool nullable = true;
  std::uint8_t precision = 0;  // decimal: digits in all, 1-38
  std::uint8_t scale = 0;      // decimal: digits after the point
  std::uint8_t fraction = 0;   // datetime, time: digits of a second's fraction, 0-6
  std::uint32_t length = 0;    // varchar: characters that fit
  NullForm null_form;
  // The words that stand for NULL, as somebody chose them, also in a column of text. Nothing: in typed
  // columns those that are known by themselves (kNullWords), in text none.
  std::optional<std::vector<std::string>> null_words;
  std::string word_true, word_false;  // boolean
  NumberPattern number;               // integer, bigint, decimal, real
  DatePattern date;                   // date, datetime, time

  bool operator==(const ColumnType&) const = default;
};

// Short and stable: "t=decimal null=1 p=12 s=2 min=2 pre=%24". Stored in the database and read back by the
// runner.
std::string encode(const ColumnType& column);
std::optional<ColumnType> decode_column_type(std::string_view text);

enum class CellStatus : std::uint8_t {
  exact,              // render_cell gives the cell back
  written_otherwise,  // it has a value, but render_cell would write it differently: its text belongs in the
                      // side store
  bad_type,           // no value of the type (only where a type was given by hand or by append)
  out_of_range,
};

struct ParsedCell {
  TypedValue value;
  CellStatus status = CellStatus::exact;
};

// `field` as the reader gave it. The value of a text column points at the field's text.
// In the side store a bare empty field is NULL, a quoted empty one is ''.
ParsedCell parse_cell(const ColumnType& column, const Field& field);

// values=as_uploaded: appends the characters of the cell to `out`. Returns false when the cell is a bare
// empty field (the writer then writes nothing, not even quotes).
bool render_cell(const ColumnType& column, const TypedValue& value, std::string& out);
// values=typed: ISO dates, plain numbers, true/false; false for NULL.
bool render_typed(const ColumnType& column, const TypedValue& value, std::string& out);

}  // namespace sluice::csv
