// SPDX-License-Identifier: MIT
#include "core/db/export_estimate.hpp"

#include <algorithm>
#include <cmath>

#include "core/db/block_table.hpp"

namespace sluice::db {
namespace {

constexpr const char* kImport =
    "SELECT i.loaded, u.length FROM imports i LEFT JOIN uploads u ON u.id = i.upload_id WHERE i.id = ?";
constexpr std::int64_t kMicrosecondsOfDay = 86'400'000'000;

/// Which share of a block's rows lies in the range if they are spread evenly over its time.
double share_in(const ImportBlock& block, const DateRange& range) {
  for (const auto& found : block.ranges) {
    if (found.column != range.column) continue;
    const std::int64_t from =
        range.from ? std::max(found.least, csv::to_microseconds(*range.from)) : found.least;
    // a day's end: dates stand at its begin
    const std::int64_t to =
        range.to ? std::min(found.greatest, csv::to_microseconds(*range.to) + kMicrosecondsOfDay - 1)
                 : found.greatest;
    if (from > to) return 0;
    if (from == found.least && to == found.greatest) return 1;
    const auto length = static_cast<double>(found.greatest - found.least) + kMicrosecondsOfDay;
    return std::min(1.0, (static_cast<double>(to - from) + kMicrosecondsOfDay) / length);
  }
  return 0;
}

double rows_in(std::span<const ImportBlock> blocks, const DateRange& range) {
  double rows = 0;
  for (const ImportBlock& block : blocks)
    rows += static_cast<double>(block.row_count) * share_in(block, range);
  return rows;
}

}  // namespace

ExportEstimate estimate_export(Connection& connection, const Dataset& dataset,
                               std::span<const std::uint64_t> import_ids, const ExportRequest& request) {
  const auto range = date_range_of(request, dataset);
  const double columns = static_cast<double>(std::max<std::size_t>(1, dataset.columns.size()));
  const double share = request.columns ? static_cast<double>(request.columns->size()) / columns : 1.0;
  ExportEstimate estimate;
  estimate.rows_exact = !range;
  double bytes = 0;
  for (const std::uint64_t id : import_ids) {
    const auto row = connection.select_one(kImport, {id});
    if (!row) continue;
    const std::uint64_t loaded = row->u64(0);
    double rows = static_cast<double>(loaded);
    if (range) rows = std::min(rows, std::ceil(rows_in(read_blocks(connection, id), *range)));
    estimate.rows += static_cast<std::uint64_t>(rows);
    const auto length = static_cast<double>(row->maybe_u64(1).value_or(0));
    if (loaded > 0) bytes += length * share * rows / static_cast<double>(loaded);
  }
  estimate.bytes = static_cast<std::uint64_t>(std::llround(bytes));
  return estimate;
}

}  // namespace sluice::db
