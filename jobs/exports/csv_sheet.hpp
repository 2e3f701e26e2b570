// SPDX-License-Identifier: MIT
// CsvSheet: rows of a dataset as the text of a CSV file, by the request's options.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/csv/writer.hpp"
#include "core/db/dataset_rows.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/export_request.hpp"

namespace sluice::exports {

class CsvSheet {
 public:
  /// `columns`: indexes into dataset.columns, in the order of the cells.
  CsvSheet(const db::ExportRequest& request, const db::Dataset& dataset,
           std::span<const std::uint32_t> columns);
  CsvSheet(const CsvSheet&) = delete;
  CsvSheet& operator=(const CsvSheet&) = delete;

  /// The header row, where the request wants one: names as the file had them, or (values=typed) as people see
  /// them.
  void header();
  void row(std::span<const db::RowCell> cells);
  /// What was written since it was last emptied by the caller.
  std::string& text() { return text_; }

 private:
  bool wants_header_;
  std::vector<std::string> names_;
  std::vector<bool> is_number_;  // cells no spreadsheet takes for a formula: they stay as they are
  std::string text_;
  csv::Writer writer_;
};

/// Indexes of the request's columns, in its order; all of the dataset's when it names none. Error conflict
/// `export.dataset_changed` when one is not there any more.
std::vector<std::uint32_t> chosen_columns(const db::ExportRequest& request, const db::Dataset& dataset);

}  // namespace sluice::exports
