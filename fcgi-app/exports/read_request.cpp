// SPDX-License-Identifier: MIT
#include "fcgi-app/exports/read_request.hpp"

#include <algorithm>
#include <set>

#include "core/base/fold.hpp"
#include "fcgi-app/json_request.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::size_t kMostNameBytes = 4000;  // of a dataset or a column

[[noreturn]] void refuse(std::string_view code, std::string member, std::string detail, std::string word,
                         std::string advice) {
  throw RequestError(Kind::invalid, code, {{"#/" + member, std::move(detail), std::move(word)}},
                     std::move(advice));
}

std::optional<csv::Date> date(JsonRequest& in, const std::string& member) {
  const auto text = in.string(member);
  if (!text) return std::nullopt;
  const auto parsed = db::parse_full_date(*text);
  if (!parsed) in.fault(member, "must be a day that exists, as YYYY-MM-DD", "date");
  return parsed;
}

void require_delimiter(const std::string& delimiter) {
  constexpr std::string_view kNever("\"\r\n\0", 4);
  if (count_characters(delimiter) == 1 && delimiter.find_first_of(kNever) == std::string::npos) return;
  refuse("export.delimiter", "delimiter", "must be one character other than a quote or a line break", "value",
         "delimiter is one character, such as \",\", \";\" or a tab.");
}

void require_columns(const std::vector<std::string>& columns) {
  if (columns.empty()) {
    refuse("export.columns", "columns", "must name a column at least", "empty",
           "Name the columns to export, or leave columns out for all of them.");
  }
  std::set<std::string_view> seen;
  for (const std::string& name : columns) {
    if (seen.insert(name).second) continue;
    refuse("export.columns", "columns", "names a column twice", "duplicate",
           "Name each column once: \"" + name + "\" is there twice.");
  }
}

// The first with values, else the first at all.
const db::DatasetColumn* default_date_column(const db::Dataset& dataset) {
  const auto with_values = std::find_if(dataset.columns.begin(), dataset.columns.end(),
                                        [](const auto& c) { return c.is_date() && c.least; });
  if (with_values != dataset.columns.end()) return &*with_values;
  const auto any =
      std::find_if(dataset.columns.begin(), dataset.columns.end(), [](const auto& c) { return c.is_date(); });
  return any == dataset.columns.end() ? nullptr : &*any;
}

void settle_date_column(const db::Dataset& dataset, db::ExportRequest& request) {
  const std::string first = request.from ? "from" : "to";
  if (!request.date_column) {
    if (!request.from && !request.to) return;
    const db::DatasetColumn* column = default_date_column(dataset);
    if (column == nullptr) {
      refuse("export.no_date_column", first, "needs a column of dates", "no_date_column",
             "This dataset has no column of dates. Leave out from and to to export all of its rows.");
    }
    request.date_column = column->name;
    return;
  }
  const auto index = dataset.column_index(*request.date_column);
  if (!index) {
    refuse("export.unknown_column", "date_column", "is no column of the dataset", "unknown",
           "The dataset has no column \"" + *request.date_column + "\".");
  }
  if (!dataset.columns[*index].is_date()) {
    refuse("export.no_date_column", "date_column", "is no column of dates", "type",
           "The column \"" + *request.date_column +
               "\" holds no dates. Choose a column of dates, or leave out from and to.");
  }
  request.date_column = dataset.columns[*index].name;
}

}  // namespace

ExportBody read_export_body(const Request& request) {
  JsonRequest in(request);
  ExportBody body;
  body.dataset = in.required_string("dataset", kMostNameBytes);
  db::ExportRequest& out = body.request;
  out.from = date(in, "from");
  out.to = date(in, "to");
  out.date_column = in.string("date_column", kMostNameBytes);
  out.columns = in.strings("columns");
  out.values = *db::parse_values(in.one_of("values", {"as_uploaded", "typed"}));
  out.header = *db::parse_export_header(in.one_of("header", {"auto", "yes", "no"}));
  out.delimiter = in.string("delimiter").value_or(out.delimiter);
  out.compression = *parse_compression(in.one_of("compression", {"none", "gzip", "zstd"}));
  out.formulas = *db::parse_formulas(in.one_of("formulas", {"keep", "escape"}));
  in.finish();
  require_delimiter(out.delimiter);
  if (out.columns) require_columns(*out.columns);
  if (out.from && out.to && *out.to < *out.from) {
    refuse("export.date_range", "from", "must be on or before to", "order",
           "From (" + db::full_date(*out.from) + ") is after to (" + db::full_date(*out.to) +
               "). Swap them or choose other days.");
  }
  return body;
}

void settle_on(const db::Dataset& dataset, db::ExportRequest& request) {
  request.dataset_uid = dataset.uid;
  request.dataset_name = dataset.name;
  settle_date_column(dataset, request);
  if (!request.columns) return;
  for (std::string& name : *request.columns) {
    const auto index = dataset.column_index(name);
    if (!index) {
      refuse("export.unknown_column", "columns", "names a column that the dataset does not have", "unknown",
             "The dataset has no column \"" + name + "\".");
    }
    name = dataset.columns[*index].name;
  }
  require_columns(*request.columns);  // two spellings of one name
}

}  // namespace sluice::fcgi
