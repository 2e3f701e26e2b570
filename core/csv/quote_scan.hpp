// SPDX-License-Identifier: MIT
// Finds the end of a record that is too long to hold in memory.
#pragma once
#include <cstdint>

#include "core/csv/byte_source.hpp"
#include "core/csv/dialect.hpp"

namespace sluice::csv {

struct QuoteScan {
  bool closed = false;       // the record ends cleanly; false also when `limit` was reached first
  std::uint64_t length = 0;  // bytes of the source, record end included
  std::uint64_t lines = 0;   // physical lines
  std::uint64_t fields = 0;
};

// The strict reading of RFC 4180 from `offset` on, looking at no more than about `limit` bytes.
QuoteScan scan_record(ByteSource& source, const Dialect& dialect, std::uint64_t offset, std::uint64_t limit);
// The physical line that starts at `offset`, however long it is.
QuoteScan scan_line(ByteSource& source, const Dialect& dialect, std::uint64_t offset);

}  // namespace sluice::csv
