// SPDX-License-Identifier: MIT
// Any bytes as an upload: dialect, header and types are found, and reading with them gives the same counts
// and every cell back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/csv/reader.hpp"
#include "core/csv/table_scan.hpp"

using namespace sluice::csv;

namespace {

void require(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  MemorySource source{text};
  ScanOptions options;
  options.block_bytes = 64;
  const auto report = detect_table(source, options);
  require(report.has_value());
  if (report->detected.content == Content::not_text) return 0;
  const ScanCounts& counts = report->counts;
  require(counts.records == counts.rows + counts.rejected() + counts.all_skipped());
  require(decode_dialect(encode(report->detected.dialect)) == report->detected.dialect);
  std::uint64_t rows = 0, records = 0;
  std::string written;
  for (const Block& block : report->blocks) {
    Reader reader{source, report->detected.dialect, block.start, block.end_offset};
    while (const Record* record = reader.next()) {
      ++records;
      if (record->kind != RecordKind::row) continue;
      require(record->row_no == ++rows);
      for (std::size_t i = 0; i < record->fields.size(); ++i) {
        const ColumnType& type = report->columns.at(i).verdict.type;
        const ParsedCell cell = parse_cell(type, record->fields[i]);
        require(cell.status == CellStatus::exact || cell.status == CellStatus::written_otherwise);
        written.clear();
        const bool shown = render_cell(type, cell.value, written);
        if (cell.status != CellStatus::exact) continue;
        require(written == record->fields[i].text && shown != record->fields[i].is_null());
      }
    }
  }
  require(rows == counts.rows && records == counts.records);
  return 0;
}
