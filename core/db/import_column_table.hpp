// SPDX-License-Identifier: MIT
// Table `import_columns`: what detection counted of each column of an import.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/csv/distinct_sketch.hpp"
#include "core/db/connection.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

struct ColumnStats {
  std::uint64_t cells = 0;
  std::uint64_t nulls = 0;
  std::optional<std::string> least, greatest;  ///< of numbers (plain) and texts (the first 100 bytes)
  csv::DistinctSketch distinct;                ///< of the cells that are not NULL, as they are written
};

/// In the order of the dataset's columns.
void replace_column_stats(Transaction& transaction, std::uint64_t import_id,
                          std::span<const ColumnStats> columns);
/// Those of the imports together, by the dataset's columns.
std::vector<ColumnStats> column_stats(Connection& connection, std::span<const std::uint64_t> import_ids,
                                      std::span<const DatasetColumn> columns);
/// At most `limit`; how many there were.
std::uint64_t delete_some_column_stats(Connection& connection, std::uint64_t import_id, std::uint32_t limit);

}  // namespace sluice::db
