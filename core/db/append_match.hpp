// SPDX-License-Identifier: MIT
// Whether a file fits into a dataset that exists: columns by name, without a header by their place, the types
// of the file's first rows, and the order of day and month of its dates.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/csv/byte_source.hpp"
#include "core/csv/table_scan.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/import_options.hpp"

namespace sluice::db {

/// A column that does not fit.
struct ColumnProblem {
  std::string pointer;  ///< "dataset/columns/2", "file/columns/0", "file/columns"
  std::string column;   ///< its name as people see it
  std::string code;     ///< "missing", "unknown", "type", "count"
  std::string detail;   ///< a sentence
};

struct AppendMatch {
  std::vector<std::uint32_t>
      file_column;  ///< of each column of the dataset; whole when there are no problems
  std::vector<ColumnProblem> problems;
  std::vector<std::string>
      notices;  ///< columns some of whose first values do not fit: those records are rejected
};

/// `report` is what was found in `source`, perhaps of its beginning only. Columns of a mended rejects.csv
/// (_line, _column, _error) are left out. Reads at most the first 1,000 rows.
AppendMatch match_append(csv::ByteSource& source, const csv::TableReport& report, const Dataset& dataset,
                         const ImportOptions& options);

/// The same of the whole file, once it was read by the dataset's types: `swapped` says of each column whether
/// some cell is a date only with day and month in each other's place.
std::vector<ColumnProblem> swapped_dates(std::span<const DatasetColumn> columns,
                                         const std::vector<bool>& swapped);

/// All of them in some sentences for people.
std::string sentence_of(std::span<const ColumnProblem> problems);

}  // namespace sluice::db
