// SPDX-License-Identifier: MIT
// What an export was asked to do, defaults filled in: the form of exports.request_json.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/compressor.hpp"
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "core/csv/value.hpp"
#include "core/csv/writer.hpp"
#include "core/db/dataset_rows.hpp"

namespace sluice::db {

enum class ExportHeader { automatic, yes, no };
std::string_view name_of(ExportHeader header);  ///< "auto", "yes", "no"
std::optional<ExportHeader> parse_export_header(std::string_view name);
std::string_view name_of(Values values);  ///< "as_uploaded", "typed"
std::optional<Values> parse_values(std::string_view name);
std::string_view name_of(csv::Formulas formulas);  ///< "keep", "escape"
std::optional<csv::Formulas> parse_formulas(std::string_view name);

struct ExportRequest {
  Uid dataset_uid;
  std::string dataset_name;                         ///< as it was called when the export was asked for
  std::optional<csv::Date> from, to;                ///< both included
  std::optional<std::string> date_column;           ///< shown name; always there with from or to
  std::optional<std::vector<std::string>> columns;  ///< shown names in the order wanted; nothing: all
  Values values = Values::as_uploaded;
  ExportHeader header = ExportHeader::automatic;
  std::string delimiter = ",";
  Compression compression = Compression::none;
  csv::Formulas formulas = csv::Formulas::keep;
};

Json to_json(const ExportRequest& request);
ExportRequest export_request_from(const Json& json);

/// The range that `from` and `to` make of their column. Error conflict `export.dataset_changed` when the
/// dataset has no such column of dates any more.
std::optional<DateRange> date_range_of(const ExportRequest& request, const Dataset& dataset);

/// "2017-03-01": RFC 3339, full-date, a day that exists, years 1 to 9999.
std::optional<csv::Date> parse_full_date(std::string_view text);
std::string full_date(const csv::Date& date);

}  // namespace sluice::db
