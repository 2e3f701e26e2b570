// SPDX-License-Identifier: MIT
// Table `rejects`: one line per record that was not loaded, and why.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/csv/record.hpp"
#include "core/db/bulk_insert.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

struct Reject {
  std::uint64_t record_no = 0;  ///< of the file, from 1
  std::uint64_t first_line = 0, last_line = 0;
  std::uint64_t byte_offset = 0;
  std::optional<std::uint32_t> column;  ///< from 0
  std::string code;
  std::string message;
  std::string raw;  ///< the record as it came, at most csv::kRawBytesKept bytes
};

/// Adds rejects in arrays; flush() before the commit.
class RejectWriter {
 public:
  RejectWriter(Connection& connection, std::uint64_t import_id);
  void add(const csv::Record& record) { add(record, record.code, record.column, record.message); }
  /// A record that is well formed, but has a cell that its column cannot take. `column`: 1-based, 0: none.
  void add(const csv::Record& record, csv::RejectCode code, std::uint32_t column, std::string_view message);
  void flush() { insert_.flush(); }

 private:
  BulkInsert insert_;
};

/// Those with record_no > `after`, in order, at most `limit`.
std::vector<Reject> list_rejects(Connection& connection, std::uint64_t import_id, std::uint64_t after,
                                 std::uint32_t limit);
std::uint64_t count_rejects(Connection& connection, std::uint64_t import_id);
struct RejectCount {
  std::string code;
  std::uint64_t count = 0;
};
/// Of all these imports together, most first. Reads the index entry of every reject once.
std::vector<RejectCount> count_rejects_by_code(Connection& connection,
                                               std::span<const std::uint64_t> import_ids);
/// At most `limit`; how many there were.
std::uint64_t delete_some_rejects(Connection& connection, std::uint64_t import_id, std::uint32_t limit);

/// `text` without what a column of `bytes` bytes cannot hold, cut between characters.
std::string_view cut_text(std::string_view text, std::size_t bytes);

}  // namespace sluice::db
