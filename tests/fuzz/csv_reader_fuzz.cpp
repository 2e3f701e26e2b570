// SPDX-License-Identifier: MIT
// Any bytes under any dialect: the reader ends, accounts for every byte, and goes on from any position.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/csv/encoding.hpp"
#include "core/csv/reader.hpp"

using namespace sluice::csv;

namespace {

void require(bool good) {
  if (!good) std::abort();
}

Dialect dialect_of(const std::uint8_t* data) {
  static constexpr const char* kDelimiters[] = {",", ";", "\t", ", ", "||", "", " ", "::"};
  static constexpr char kQuotes[] = {'"', '\'', 0, '"'};
  Dialect dialect;
  dialect.delimiter = kDelimiters[data[0] & 7];
  dialect.quote = kQuotes[data[0] >> 3 & 3];
  dialect.escape = (data[0] & 32) != 0 && dialect.quote != 0 ? '\\' : '\0';
  dialect.record_end = static_cast<RecordEnd>(data[0] >> 6);
  dialect.encoding = static_cast<Encoding>(data[1] & 3);
  dialect.header_rows = data[1] >> 2 & 3;
  dialect.preamble_lines = data[1] >> 4 & 3;
  dialect.comment = (data[1] & 64) != 0 ? '#' : '\0';
  dialect.short_records = (data[1] & 128) != 0 ? ShortRecords::reject : ShortRecords::pad;
  dialect.width = 1 + (data[2] & 15);
  return dialect;
}

struct Seen {
  RecordKind kind;
  std::uint64_t offset, length, first_line, last_line;
  bool operator==(const Seen&) const = default;
};

Seen seen(const Record& record) {
  return {record.kind, record.byte_offset, record.byte_length, record.first_line, record.last_line};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const Dialect dialect = dialect_of(data);
  const std::string_view text{reinterpret_cast<const char*>(data) + 4, size - 4};
  MemorySource source{text};
  Reader reader{source, dialect};
  std::vector<Seen> records;
  Position middle;
  std::size_t middle_at = 0;
  std::uint64_t offset = 0, rows = 0;
  while (const Record* record = reader.next()) {
    require(record->byte_offset == offset && record->byte_length > 0);
    offset += record->byte_length;
    records.push_back(seen(*record));
    require(record->record_no == records.size());
    if (record->kind == RecordKind::row) {
      require(record->row_no == ++rows && record->fields.size() == dialect.width);
      for (const Field& field : record->fields) require(valid_utf8_prefix(field.text) == field.text.size());
    }
    require(record->raw.size() <= kRawBytesKept && valid_utf8_prefix(record->raw) == record->raw.size());
    if (records.size() == data[3]) {
      middle = Position::from_numbers(reader.position().numbers());
      middle_at = records.size();
    }
  }
  require(offset == text.size());
  Reader resumed{source, dialect, middle};
  for (std::size_t i = middle_at; i < records.size(); ++i) {
    const Record* record = resumed.next();
    require(record != nullptr && seen(*record) == records[i]);
  }
  require(resumed.next() == nullptr);
  return 0;
}
