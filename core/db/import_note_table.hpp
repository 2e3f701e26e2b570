// SPDX-License-Identifier: MIT
// Table `import_notes`: records that are no rejects, but to which something happened: repaired ones (they are
// loaded) with before and after, skipped ones (blank, preamble, header, second table).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/record.hpp"
#include "core/db/bulk_insert.hpp"
#include "core/db/connection.hpp"

namespace sluice::db {

struct ImportNote {
  std::uint64_t record_no = 0;
  std::string kind;  ///< "repaired" or "skipped"
  std::string code;  ///< csv::to_string of the Repair or the SkipReason
  std::uint64_t first_line = 0, last_line = 0;
  std::uint64_t byte_offset = 0;
  std::optional<std::string> before, after;  ///< `after` as one line of CSV
};

/// Adds notes in arrays; flush() before the commit.
class NoteWriter {
 public:
  NoteWriter(Connection& connection, std::uint64_t import_id);
  /// A repaired row or a skipped record.
  void add(const csv::Record& record);
  void flush() { insert_.flush(); }

 private:
  BulkInsert insert_;
  std::string packed_;
};

std::vector<ImportNote> list_notes(Connection& connection, std::uint64_t import_id, std::uint64_t after,
                                   std::uint32_t limit);
/// At most `limit`; how many there were.
std::uint64_t delete_some_notes(Connection& connection, std::uint64_t import_id, std::uint32_t limit);

}  // namespace sluice::db
