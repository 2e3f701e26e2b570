// SPDX-License-Identifier: MIT
// Reads records one after the other, in bounded memory, from any saved position.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/csv/byte_source.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/record.hpp"

namespace sluice::csv {

// Where a reader stands between two records. Two readers, one that came to a position and one that was
// started there, give the same records from there on. A default Position is the start of the file.
struct Position {
  std::uint64_t offset = 0;      // byte offset of the next record in the source
  std::uint64_t line = 1;        // its physical line
  std::uint64_t records = 0;     // records before it
  std::uint64_t rows = 0;        // rows before it
  std::uint64_t headers = 0;     // header rows before it
  std::uint64_t scan_spent = 0;  // bytes spent so far on looking for the end of quotes that do not close

  static constexpr std::size_t kNumbers = 6;
  std::array<std::uint64_t, kNumbers> numbers() const;  // for a job's cursor, in the order above
  static Position from_numbers(const std::array<std::uint64_t, kNumbers>& numbers);
  bool operator==(const Position&) const = default;
};

class Reader {
 public:
  // `source` must outlive the reader. `until`: stop before the first record that starts at or after this
  // offset.
  Reader(ByteSource& source, const Dialect& dialect, const Position& start = {},
         std::uint64_t until = Dialect::kNowhere);
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  // The next record, or nullptr at the end. The record holds until the next call.
  const Record* next();
  // The record that next() gave last as it stands in the file, at most kRawBytesKept bytes of it; also of a
  // row, whose Record does not tell it. Holds until the next call of next().
  std::string_view raw();
  // Where next() will go on: after the record it gave last.
  Position position() const;
  const Dialect& dialect() const;
  // Bytes that may have been spent up to `offset` on looking for the end of quotes.
  static std::uint64_t scan_allowance(std::uint64_t offset);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::csv
