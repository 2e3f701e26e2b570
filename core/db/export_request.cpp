// SPDX-License-Identifier: MIT
#include "core/db/export_request.hpp"

#include <fmt/format.h>

#include "core/base/error.hpp"

namespace sluice::db {
namespace {

template <typename E>
E stored(const Json& json, std::string_view member, std::optional<E> (*parse)(std::string_view)) {
  const std::optional<E> value = parse(json.at(member).string());
  if (!value)
    throw Error(Kind::internal, "export.request", "stored request has an unknown " + std::string(member));
  return *value;
}

std::optional<std::string> maybe_string(const Json& json, std::string_view member) {
  const Json* found = json.find(member);
  if (found == nullptr || found->is_null()) return std::nullopt;
  return found->string();
}

std::optional<csv::Date> stored_date(const Json& json, std::string_view member) {
  const auto text = maybe_string(json, member);
  if (!text) return std::nullopt;
  return parse_full_date(*text);
}

Json date_json(const std::optional<csv::Date>& date) {
  return date ? Json(full_date(*date)) : Json();
}

}  // namespace

std::string_view name_of(ExportHeader header) {
  switch (header) {
    case ExportHeader::automatic:
      return "auto";
    case ExportHeader::yes:
      return "yes";
    case ExportHeader::no:
      return "no";
  }
  return "auto";
}

std::optional<ExportHeader> parse_export_header(std::string_view name) {
  for (const ExportHeader header : {ExportHeader::automatic, ExportHeader::yes, ExportHeader::no}) {
    if (name == name_of(header)) return header;
  }
  return std::nullopt;
}

std::string_view name_of(Values values) {
  return values == Values::typed ? "typed" : "as_uploaded";
}

std::optional<Values> parse_values(std::string_view name) {
  for (const Values values : {Values::as_uploaded, Values::typed}) {
    if (name == name_of(values)) return values;
  }
  return std::nullopt;
}

std::string_view name_of(csv::Formulas formulas) {
  return formulas == csv::Formulas::escape ? "escape" : "keep";
}

std::optional<csv::Formulas> parse_formulas(std::string_view name) {
  for (const csv::Formulas formulas : {csv::Formulas::keep, csv::Formulas::escape}) {
    if (name == name_of(formulas)) return formulas;
  }
  return std::nullopt;
}

Json to_json(const ExportRequest& request) {
  Json columns;
  if (request.columns) {
    columns = Json::array();
    for (const std::string& name : *request.columns) columns.push(name);
  }
  return Json::object(
      {{"dataset", Json::object({{"uid", request.dataset_uid.text()}, {"name", request.dataset_name}})},
       {"from", date_json(request.from)},
       {"to", date_json(request.to)},
       {"date_column", request.date_column},
       {"columns", columns},
       {"values", name_of(request.values)},
       {"header", name_of(request.header)},
       {"delimiter", request.delimiter},
       {"compression", sluice::name_of(request.compression)},
       {"formulas", name_of(request.formulas)}});
}

ExportRequest export_request_from(const Json& json) {
  ExportRequest request;
  const auto uid = Uid::parse(json.at("dataset").at("uid").string());
  if (!uid) throw Error(Kind::internal, "export.request", "stored request has no dataset");
  request.dataset_uid = *uid;
  request.dataset_name = json.at("dataset").at("name").string();
  request.from = stored_date(json, "from");
  request.to = stored_date(json, "to");
  request.date_column = maybe_string(json, "date_column");
  if (const Json& columns = json.at("columns"); !columns.is_null()) {
    request.columns.emplace();
    for (const Json& name : columns.items()) request.columns->push_back(name.string());
  }
  request.values = stored(json, "values", &parse_values);
  request.header = stored(json, "header", &parse_export_header);
  request.delimiter = json.at("delimiter").string();
  request.compression = stored(json, "compression", &parse_compression);
  request.formulas = stored(json, "formulas", &parse_formulas);
  return request;
}

std::optional<DateRange> date_range_of(const ExportRequest& request, const Dataset& dataset) {
  if (!request.from && !request.to) return std::nullopt;
  const auto index = dataset.column_index(request.date_column.value_or(""));
  if (!index || !dataset.columns[*index].is_date()) {
    throw Error(Kind::conflict, "export.dataset_changed", "the date column is gone",
                "The dataset has no such date column any more. Start a new export.");
  }
  return DateRange{*index, request.from, request.to};
}

std::optional<csv::Date> parse_full_date(std::string_view text) {
  constexpr std::size_t kLength = 10;  // YYYY-MM-DD
  if (text.size() != kLength || text[4] != '-' || text[7] != '-') return std::nullopt;
  int numbers[3] = {0, 0, 0};
  std::size_t part = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      ++part;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    numbers[part] = numbers[part] * 10 + (text[i] - '0');
  }
  const csv::Date date{static_cast<std::int16_t>(numbers[0]), static_cast<std::uint8_t>(numbers[1]),
                       static_cast<std::uint8_t>(numbers[2])};
  if (!csv::is_valid(date)) return std::nullopt;
  return date;
}

std::string full_date(const csv::Date& date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year), static_cast<int>(date.month),
                     static_cast<int>(date.day));
}

}  // namespace sluice::db
