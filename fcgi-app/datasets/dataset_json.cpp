// SPDX-License-Identifier: MIT
#include "fcgi-app/datasets/dataset_json.hpp"

#include <algorithm>

#include "core/csv/value.hpp"
#include "core/db/job_table.hpp"

namespace sluice::fcgi {
namespace {

/// "decimal(12,2)", "varchar(20)", "datetime(3)", else the bare name.
std::string type_name(const csv::ColumnType& type) {
  const std::string name(csv::to_string(type.type));
  switch (type.type) {
    case csv::Type::decimal:
      return name + "(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
    case csv::Type::varchar:
      return name + "(" + std::to_string(type.length) + ")";
    case csv::Type::datetime:
    case csv::Type::time:
      return type.fraction == 0 ? name : name + "(" + std::to_string(type.fraction) + ")";
    default:
      return name;
  }
}

Json point_in_time(const db::DatasetColumn& column, const std::optional<std::int64_t>& value) {
  if (!value) return Json();
  const csv::DateTime at = csv::from_microseconds(*value);
  csv::ColumnType type;
  type.type = column.type.type;
  type.fraction = column.type.fraction;
  std::string text;
  if (type.type == csv::Type::date)
    csv::render_typed(type, at.date, text);
  else
    csv::render_typed(type, at, text);
  return Json(std::move(text));
}

/// An estimate of all that differ is never more than all that are there.
std::uint64_t distinct_of(const db::ColumnStats& stats) {
  return std::min(stats.distinct.estimate(), stats.cells - std::min(stats.nulls, stats.cells));
}

}  // namespace

Json column_json(const db::DatasetColumn& column, std::size_t index) {
  return Json::object({{"index", index},
                       {"name", column.name},
                       {"original_name", column.original_name},
                       {"type", type_name(column.type)},
                       {"rule", csv::encode(column.type)},
                       {"nullable", column.type.nullable},
                       {"date", column.is_date()},
                       {"least", point_in_time(column, column.least)},
                       {"greatest", point_in_time(column, column.greatest)},
                       {"ambiguous", column.order == csv::DateOrder::ambiguous}});
}

Json columns_json(std::span<const db::DatasetColumn> columns) {
  Json list = Json::array();
  for (std::size_t i = 0; i < columns.size(); ++i) list.push(column_json(columns[i], i));
  return list;
}

Json columns_json(std::span<const db::DatasetColumn> columns, std::span<const db::ColumnStats> stats) {
  Json list = columns_json(columns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool known = i < stats.size();
    Json& column = list.items()[i];
    column.set("nulls", known ? Json(stats[i].nulls) : Json());
    column.set("distinct", known ? Json(distinct_of(stats[i])) : Json());
    if (!known || columns[i].is_date()) continue;
    column.set("least", Json(stats[i].least)).set("greatest", Json(stats[i].greatest));
  }
  return list;
}

Json shown_dialect(const Json& stored) {
  Json shown = Json::object();
  for (const auto& [name, value] : stored.members())
    if (name != "text") shown.set(name, value);
  return shown;
}

Json import_json(const db::Import& import) {
  return Json::object(
      {{"uid", import.uid.text()},
       {"upload_uid", import.upload_uid.text()},
       {"filename", import.filename},
       {"records", import.records},
       {"loaded", import.loaded},
       {"rejected", import.rejected},
       {"skipped", import.skipped},
       {"repaired", import.repaired},
       {"dialect", import.dialect ? shown_dialect(*import.dialect) : Json()},
       {"notices", import.notices ? *import.notices : Json::array()},
       {"published_at", import.published_at ? Json(db::rfc3339_of(*import.published_at)) : Json()}});
}

Json dataset_json(const db::Dataset& dataset, std::span<const db::Import> imports) {
  Json list = Json::array();
  for (const db::Import& import : imports) list.push(import_json(import));
  return Json::object({{"uid", dataset.uid.text()},
                       {"name", dataset.name},
                       {"row_count", dataset.row_count},
                       {"layout", csv::to_string(dataset.layout)},
                       {"columns", columns_json(dataset.columns)},
                       {"has_header", dataset.has_header},
                       {"imports", std::move(list)},
                       {"created_at", db::rfc3339_of(dataset.created_at)}});
}

}  // namespace sluice::fcgi
