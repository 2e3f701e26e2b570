// SPDX-License-Identifier: MIT
// The rows of a dataset's published imports, read in key order: by import, by row_no. Streamed (never a page
// in memory), in pages of row numbers, so that a reader may stop, save its key and go on from there; between
// two pages the connection is free for other statements.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/value.hpp"
#include "core/db/cell_filter.hpp"
#include "core/db/connection.hpp"
#include "core/db/dataset_table.hpp"

namespace sluice::db {

enum class Values : std::uint8_t {
  as_uploaded,  ///< the characters of the cell in the file
  typed,        ///< ISO dates, plain numbers, true/false, NULL words taken as NULL
};

/// Rows whose date column lies in [from, to], both days included; each may be left out. NULL is in no range.
struct DateRange {
  std::uint32_t column = 0;  ///< index into Dataset::columns; of type date or datetime
  std::optional<csv::Date> from, to;
};

struct RowsRequest {
  std::string data_database;              ///< Config::data_database()
  Dataset dataset;                        ///< id, layout and columns are used
  std::vector<std::uint64_t> import_ids;  ///< in the order of the rows wanted
  std::vector<std::uint32_t> columns;     ///< indexes into Dataset::columns, in the order wanted; empty: all
  Values values = Values::as_uploaded;
  std::optional<DateRange> range;
  std::optional<CellFilter> filter;  ///< besides
  bool row_numbers = true;           ///< false: nobody asks the keys for row_no, which may be 0
};

/// The last row that was given. Default: before the first.
struct RowKey {
  std::uint64_t import_id = 0;
  std::uint64_t row_no = 0;
  bool operator==(const RowKey&) const = default;
};

/// A value in its place; `null` is a bare empty field (as_uploaded) or NULL (typed). Holds until the sink
/// returns.
struct RowCell {
  std::string_view text;
  bool null = false;
};

/// Gets each row, in order. What it throws passes through; the connection stays usable.
using RowSink = std::function<void(const RowKey& key, std::span<const RowCell> cells)>;

class DatasetRows {
 public:
  static constexpr std::uint64_t kRowsPerPage = 50000;

  /// Goes on after `after`. Reads the block index of the imports here. The connection must outlive it.
  DatasetRows(Connection& connection, RowsRequest request, const RowKey& after = {});
  ~DatasetRows();
  DatasetRows(const DatasetRows&) = delete;
  DatasetRows& operator=(const DatasetRows&) = delete;

  /// Gives the rows of the next page of at most `limit` row numbers to `sink`; a page may be empty, for
  /// rejected records and filtered rows have numbers too. False: there was no page any more. Throws
  /// DatabaseError
  /// (`db.interrupted` after KILL QUERY): position() then stands before the page.
  bool next_page(const RowSink& sink, std::uint64_t limit = kRowsPerPage);
  /// Goes on so many row numbers further.
  void skip(std::uint64_t rows);
  /// How many row numbers the next page has at most, by the bytes of its rows; 0: there is none any more.
  std::uint64_t page_rows() const;
  /// Everything up to here was given or skipped; feed it to another DatasetRows to go on.
  RowKey position() const;
  /// Row numbers still to be looked at and in all, after pruning by blocks: for progress.
  std::uint64_t rows_left() const;
  std::uint64_t rows_in_all() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::db
