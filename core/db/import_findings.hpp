// SPDX-License-Identifier: MIT
// What detection found, as JSON of `imports` (and, less `text`, of the API).
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/json.hpp"
#include "core/csv/table_scan.hpp"
#include "core/db/dataset_table.hpp"

namespace sluice::db {

/// {text, delimiter, quote, escape, comment, encoding, record_end, header_rows, preamble_lines, confidence,
/// runner_up, second_table {line, skip_lines}}.
Json dialect_json(const csv::DetectedDialect& detected);
/// The member `text` again. Error internal when there is none.
csv::Dialect dialect_from(const Json& json);

/// A column of an import: the dataset's column, and where it comes from.
struct ImportColumn {
  DatasetColumn column;
  std::uint32_t file_column = 0;  ///< from 0
  std::uint64_t nulls = 0;
  std::uint64_t written_otherwise = 0;
  std::uint64_t max_bytes = 0;
};
/// imports.columns_json, in the order of the dataset; dataset_columns_from() reads it too.
Json to_json(std::span<const ImportColumn> columns);
std::vector<ImportColumn> import_columns_from(const Json& json);

/// {"blank": 3, …}: those that are not zero.
Json counts_json(const csv::ScanCounts& counts, bool rejects);

}  // namespace sluice::db
