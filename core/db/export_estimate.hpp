// SPDX-License-Identifier: MIT
// How much an export will be, told from the block index and the uploads' lengths: no row is read.
#pragma once
#include <cstdint>
#include <span>

#include "core/db/connection.hpp"
#include "core/db/dataset_rows.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/export_request.hpp"

namespace sluice::db {

struct ExportEstimate {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< uncompressed, as if every column took an equal share of the file
  bool rows_exact = true;   ///< false with a range: a block that it cuts counts by the share of its time
};

ExportEstimate estimate_export(Connection& connection, const Dataset& dataset,
                               std::span<const std::uint64_t> import_ids, const ExportRequest& request);

}  // namespace sluice::db
