// SPDX-License-Identifier: MIT
// Table `import_blocks`: stretches of a file that can be read by themselves, and what dates lie in each. A
// range of dates knows by it which rows to read (as BRIN does); a load knows where it may begin.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/csv/table_scan.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

struct ImportBlock {
  std::uint64_t first_row = 1;  ///< row_no of its first row
  std::uint64_t row_count = 0;  ///< row numbers; records that the load rejected have one too
  csv::Position start;
  std::vector<csv::Block::Range> ranges;  ///< of each date column that has a value here
};

/// In place of those that an earlier detection left.
void replace_blocks(Transaction& transaction, std::uint64_t import_id, std::span<const csv::Block> blocks);
/// In order.
std::vector<ImportBlock> read_blocks(Connection& connection, std::uint64_t import_id);
/// At most `limit`; how many there were.
std::uint64_t delete_some_blocks(Connection& connection, std::uint64_t import_id, std::uint32_t limit);

}  // namespace sluice::db
