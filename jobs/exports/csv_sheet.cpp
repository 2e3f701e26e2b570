// SPDX-License-Identifier: MIT
#include "jobs/exports/csv_sheet.hpp"

#include <numeric>

#include "core/base/error.hpp"
#include "core/csv/column_type.hpp"

namespace sluice::exports {
namespace {

bool wants_header(const db::ExportRequest& request, const db::Dataset& dataset) {
  if (request.header == db::ExportHeader::automatic) return dataset.has_header;
  return request.header == db::ExportHeader::yes;
}

csv::WriteOptions options_of(const db::ExportRequest& request) {
  csv::WriteOptions options;
  options.delimiter = request.delimiter;
  options.formulas = request.formulas;
  return options;
}

}  // namespace

CsvSheet::CsvSheet(const db::ExportRequest& request, const db::Dataset& dataset,
                   std::span<const std::uint32_t> columns)
    : wants_header_(wants_header(request, dataset)), writer_(text_, options_of(request)) {
  const bool originals = request.values == db::Values::as_uploaded && dataset.has_header;
  for (const std::uint32_t index : columns) {
    const db::DatasetColumn& column = dataset.columns.at(index);
    names_.push_back(originals ? column.original_name : column.name);
    is_number_.push_back(!csv::is_text(column.type.type) && column.type.type != csv::Type::boolean);
  }
}

void CsvSheet::header() {
  if (!wants_header_) return;
  for (const std::string& name : names_) {
    if (name.empty()) {
      writer_.null();
    } else {
      writer_.field(name);
    }
  }
  writer_.end_record();
}

void CsvSheet::row(std::span<const db::RowCell> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].null) {
      writer_.null();
    } else {
      writer_.field(cells[i].text, is_number_[i]);
    }
  }
  writer_.end_record();
}

std::vector<std::uint32_t> chosen_columns(const db::ExportRequest& request, const db::Dataset& dataset) {
  std::vector<std::uint32_t> columns;
  if (!request.columns) {
    columns.resize(dataset.columns.size());
    std::iota(columns.begin(), columns.end(), 0U);
    return columns;
  }
  for (const std::string& name : *request.columns) {
    const auto index = dataset.column_index(name);
    if (!index) {
      throw Error(Kind::conflict, "export.dataset_changed", "a column is gone",
                  "The dataset has no column \"" + name + "\" any more. Start a new export.");
    }
    columns.push_back(*index);
  }
  return columns;
}

}  // namespace sluice::exports
