// SPDX-License-Identifier: MIT
// One record of a file, and what became of it. Every record is exactly one of the kinds below, so that
// records in the file = rows (repaired ones included) + rejects + skipped.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sluice::csv {

inline constexpr std::uint64_t kMaxFieldBytes = 8u << 20;
inline constexpr std::uint64_t kMaxRecordBytes = 12u << 20;
inline constexpr std::uint32_t kMaxColumns = 32'768;
inline constexpr std::size_t kRawBytesKept = 4096;  // of a reject's text

enum class RecordKind : std::uint8_t { row, reject, skipped };

enum class RejectCode : std::uint8_t {
  too_few_fields,
  too_many_fields,
  unclosed_quote,
  stray_quote,
  bad_encoding,
  bad_type,
  out_of_range,
  duplicate_key,
  too_long,
  footer,
};
inline constexpr std::size_t kRejectCodes = 10;

enum class SkipReason : std::uint8_t { preamble, header, blank, second_table, comment };
inline constexpr std::size_t kSkipReasons = 5;

// How a row was made to fit. Anything but `none` is shown as "repaired".
enum class Repair : std::uint8_t { none, padded, surplus_empty, literal_quote };

std::string_view to_string(RejectCode code);  // "too_few_fields" ...
std::string_view to_string(SkipReason reason);
std::string_view to_string(Repair repair);

struct Field {
  std::string_view text;  // UTF-8, without its quotes, escapes resolved
  bool quoted = false;    // tells "" from a bare empty field
  bool is_null() const { return text.empty() && !quoted; }
};

// All views point into the reader and hold until its next call.
struct Record {
  RecordKind kind = RecordKind::row;
  Repair repair = Repair::none;
  RejectCode code = RejectCode::too_few_fields;  // of a reject
  SkipReason reason = SkipReason::blank;         // of a skipped record
  std::span<const Field> fields;  // of a row: exactly `width`; of others: as far as they could be told
  std::uint64_t record_no = 0;    // 1-based, skipped and rejected ones counted
  std::uint64_t row_no = 0;       // 1-based among the rows; 0 for others
  std::uint64_t first_line = 0;   // physical lines, 1-based, both included
  std::uint64_t last_line = 0;
  std::uint64_t byte_offset = 0;  // in the source
  std::uint64_t byte_length = 0;  // record end included
  std::uint32_t column = 0;       // 1-based column at fault, 0: none
  std::string_view raw;  // the record as it stands in the file, in UTF-8, without its record end; of a reject
                         // at most kRawBytesKept bytes
  std::string_view message;  // of a reject: a sentence for people
};

}  // namespace sluice::csv
