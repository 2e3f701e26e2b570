// SPDX-License-Identifier: MIT
// From what detection found and what people asked for to the columns of the dataset.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/csv/table_scan.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/import_column_table.hpp"
#include "core/db/import_findings.hpp"
#include "core/db/import_options.hpp"

namespace sluice::imports {

struct Plan {
  std::vector<db::ImportColumn> columns;    ///< in the order of the dataset
  std::vector<csv::ColumnType> file_types;  ///< of each column of the file, as it will be read
  std::vector<std::string> notices;
  /// The blocks' ranges are not those of these types: the file must be scanned again with `file_types`.
  bool scan_again = false;
};

/// A dataset of its own. Error invalid `import.options` when an option names a column that is not there.
Plan plan_new(const csv::TableReport& report, const db::ImportOptions& options);
/// Into a dataset that exists (core/db/append_match). Error invalid `import.columns_differ` says which
/// columns do not fit, and why.
Plan plan_append(csv::ByteSource& source, const csv::TableReport& report, const db::Dataset& dataset,
                 const db::ImportOptions& options);

/// `read` is the file read by the types of an append's plan. Error invalid `import.columns_differ` where that
/// shows dates of another order behind the rows that were looked at before.
void require_order(const Plan& plan, const csv::TableReport& read);

/// What was counted of the plan's columns.
std::vector<db::ColumnStats> stats_of(const Plan& plan, const csv::TableReport& report);

/// `type` of a text column, made wide enough for values of `bytes` bytes.
csv::ColumnType widened(csv::ColumnType type, std::uint64_t bytes);

/// Blocks with the dataset's column numbers, and each date column's least and greatest value.
std::vector<csv::Block> numbered_blocks(std::vector<csv::Block> blocks, Plan& plan);

}  // namespace sluice::imports
