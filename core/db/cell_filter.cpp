// SPDX-License-Identifier: MIT
// Bounds are kept as text in typed form: plain numbers compare as numbers, ISO dates and texts by their
// bytes.
#include "core/db/cell_filter.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "core/base/error.hpp"

namespace sluice::db {
namespace {

bool is_number(csv::Type type) {
  return type == csv::Type::integer || type == csv::Type::bigint || type == csv::Type::decimal ||
         type == csv::Type::real;
}

/// Digits, a point, a sign, an exponent: also a literal of SQL.
bool is_plain_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
}

/// The type with the form that people write by hand.
csv::ColumnType iso(csv::ColumnType type) {
  type.null_form = {};
  type.null_words.emplace();
  type.word_true = "true";
  type.word_false = "false";
  if (type.type == csv::Type::date) type.date.format = "%Y-%m-%d";
  if (type.type == csv::Type::datetime) type.date.format = "%Y-%m-%d %H:%M:%S";
  if (type.type == csv::Type::time) type.date.format = "%H:%M:%S";
  if (type.fraction > 0) type.date.format += "%?f";
  return type;
}

std::optional<std::string> typed(const csv::ColumnType& type, std::string_view text) {
  const csv::ParsedCell cell = csv::parse_cell(type, {text, true});
  const bool good =
      cell.status == csv::CellStatus::exact || cell.status == csv::CellStatus::written_otherwise;
  std::string out;
  if (!good || !csv::render_typed(type, cell.value, out)) return std::nullopt;
  return out;
}

std::string bound_of(const csv::ColumnType& type, std::string_view text, bool greatest) {
  if (csv::is_text(type.type)) return std::string(text);
  if (is_number(type.type) && is_plain_number(text)) return std::string(text);
  std::string spaced(text);
  if (type.type == csv::Type::datetime) {
    if (spaced.size() > 10 && spaced[10] == 'T') spaced[10] = ' ';
    csv::ColumnType day;
    day.type = csv::Type::date;
    if (const auto date = typed(iso(day), spaced))
      return *date + (greatest ? " 23:59:59.999999" : " 00:00:00");
  }
  if (!is_number(type.type))
    if (const auto value = typed(iso(type), spaced)) return *value;
  if (const auto value = typed(type, text)) return *value;
  throw Error(Kind::invalid, "dataset.filter", std::string(text),
              "\"" + std::string(text) + "\" is no " + std::string(csv::to_string(type.type)) +
                  ", as the column is. Numbers are written plainly, dates as 2017-03-01.");
}

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text = "x'";
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text + "'";
}

csv::Date day_of(std::string_view text) {
  csv::ColumnType day;
  day.type = csv::Type::date;
  const csv::ParsedCell cell = csv::parse_cell(iso(day), {text.substr(0, 10), true});
  if (const auto* date = std::get_if<csv::Date>(&cell.value)) return *date;
  throw Error(Kind::internal, "dataset.filter", "a bound that is no day");
}

}  // namespace

CellFilter CellFilter::null_in(std::uint32_t column) {
  CellFilter filter;
  filter.column_ = column;
  filter.null_ = true;
  return filter;
}

CellFilter CellFilter::range_of(std::uint32_t column, const csv::ColumnType& type,
                                std::optional<std::string_view> least,
                                std::optional<std::string_view> greatest) {
  CellFilter filter;
  filter.column_ = column;
  filter.type_ = type;
  if (least) filter.least_ = bound_of(type, *least, false);
  if (greatest) filter.greatest_ = bound_of(type, *greatest, true);
  return filter;
}

std::string CellFilter::literal(const std::string& bound) const {
  if (csv::is_text(type_.type)) return hex(bound);
  if (is_number(type_.type)) return bound;
  if (type_.type == csv::Type::boolean) return bound == "true" ? "1" : "0";
  return "'" + bound + "'";  // digits and marks of a date or a time
}

std::string CellFilter::sql(std::string_view identifier) const {
  const std::string column(identifier);
  if (null_) return column + " IS NULL";
  std::string condition = column + " IS NOT NULL";
  // By their bytes: the collation would take "a" and "a " for the same.
  const std::string value = csv::is_text(type_.type) ? "BINARY " + column : column;
  if (least_) condition += " AND " + value + " >= " + literal(*least_);
  if (greatest_) condition += " AND " + value + " <= " + literal(*greatest_);
  return condition;
}

int CellFilter::compare(std::string_view a, std::string_view b) const {
  if (!is_number(type_.type)) return a.compare(b);
  const long double x = std::strtold(std::string(a).c_str(), nullptr);
  const long double y = std::strtold(std::string(b).c_str(), nullptr);
  return x < y ? -1 : x > y ? 1 : 0;
}

bool CellFilter::admits(const csv::TypedValue& value) const {
  if (null_ || csv::is_null(value)) return null_ && csv::is_null(value);
  std::string text;
  csv::render_typed(type_, value, text);
  return (!least_ || compare(text, *least_) >= 0) && (!greatest_ || compare(text, *greatest_) <= 0);
}

std::optional<std::pair<std::optional<csv::Date>, std::optional<csv::Date>>> CellFilter::days() const {
  if (null_ || !csv::is_date(type_.type)) return std::nullopt;
  std::pair<std::optional<csv::Date>, std::optional<csv::Date>> days;
  if (least_) days.first = day_of(*least_);
  if (greatest_) days.second = day_of(*greatest_);
  return days;
}

}  // namespace sluice::db
