// SPDX-License-Identifier: MIT
#include "core/db/cell_renderer.hpp"

#include <charconv>

#include "core/base/error.hpp"

namespace sluice::db {
namespace {

[[noreturn]] void defect() {
  throw Error(Kind::internal, "dataset.value", "the server gave a value of another form");
}

template <typename T>
T number_from(std::string_view text) {
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) defect();
  return value;
}

unsigned digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) defect();
  unsigned value = 0;
  for (std::size_t i = at; i < at + count; ++i) value = value * 10 + static_cast<unsigned>(text[i] - '0');
  return value;
}

/// "2017-03-01"
csv::Date date_from(std::string_view text) {
  return {static_cast<std::int16_t>(digits(text, 0, 4)), static_cast<std::uint8_t>(digits(text, 5, 2)),
          static_cast<std::uint8_t>(digits(text, 8, 2))};
}

/// "23:59:58" or "23:59:58.125"
csv::TimeOfDay time_from(std::string_view text) {
  csv::TimeOfDay time{static_cast<std::uint8_t>(digits(text, 0, 2)),
                      static_cast<std::uint8_t>(digits(text, 3, 2)),
                      static_cast<std::uint8_t>(digits(text, 6, 2)), 0};
  if (text.size() > 9) {
    const std::size_t count = std::min<std::size_t>(text.size() - 9, 6);
    std::uint32_t microsecond = digits(text, 9, count);
    for (std::size_t i = count; i < 6; ++i) microsecond *= 10;
    time.microsecond = microsecond;
  }
  return time;
}

/// The server fills a DECIMAL up to its scale: "1.50" of 1.5.
std::string_view without_fill(std::string_view text) {
  if (text.find('.') == std::string_view::npos) return text;
  while (text.back() == '0') text.remove_suffix(1);
  if (text.back() == '.') text.remove_suffix(1);
  return text;
}

bool as_the_server_writes(const csv::ColumnType& type) {
  const csv::NumberPattern plain;
  switch (type.type) {
    case csv::Type::integer:
    case csv::Type::bigint:
      return type.number == plain;
    case csv::Type::decimal: {
      csv::NumberPattern full;
      full.min_decimals = type.scale;
      return type.number == full;
    }
    case csv::Type::date:
      return type.date.format == "%Y-%m-%d";
    case csv::Type::datetime:
      return type.fraction == 0 && type.date.format == "%Y-%m-%d %H:%M:%S";
    case csv::Type::time:
      return type.fraction == 0 && type.date.format == "%H:%M:%S";
    case csv::Type::varchar:
    case csv::Type::text:
    case csv::Type::longtext:
      return true;
    default:
      return false;
  }
}

bool passes(const csv::ColumnType& type, Values values) {
  if (values == Values::as_uploaded) return type.null_form == csv::NullForm{} && as_the_server_writes(type);
  switch (type.type) {
    case csv::Type::integer:
    case csv::Type::bigint:
    case csv::Type::date:
      return true;
    default:
      return csv::is_text(type.type);
  }
}

}  // namespace

csv::TypedValue value_from_server(const csv::ColumnType& type, std::string_view text) {
  switch (type.type) {
    case csv::Type::boolean:
      return text != "0";
    case csv::Type::integer:
    case csv::Type::bigint:
      return number_from<std::int64_t>(text);
    case csv::Type::decimal:
      return csv::Decimal(without_fill(text));
    case csv::Type::real:
      return number_from<double>(text);
    case csv::Type::date:
      return date_from(text);
    case csv::Type::datetime:
      if (text.size() < 19) defect();
      return csv::DateTime{date_from(text), time_from(text.substr(11))};
    case csv::Type::time:
      return time_from(text);
    default:
      return text;
  }
}

CellRenderer::CellRenderer(const csv::ColumnType& type, Values values)
    : type_(type), values_(values), passes_through_(passes(type, values)) {}

bool CellRenderer::render(const char* text, std::size_t length, std::string& out) const {
  if (text == nullptr) return render(csv::TypedValue{}, out);
  return render(value_from_server(type_, {text, length}), out);
}

bool CellRenderer::render(const csv::TypedValue& value, std::string& out) const {
  return values_ == Values::as_uploaded ? csv::render_cell(type_, value, out)
                                        : csv::render_typed(type_, value, out);
}

}  // namespace sluice::db
