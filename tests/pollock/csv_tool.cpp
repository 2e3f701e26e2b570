// SPDX-License-Identifier: MIT
// csv_tool detect FILE            what the scan finds, as JSON
// csv_tool convert FILE OUT [yes] detects, types and reads FILE, then writes it as values=as_uploaded does;
// with `yes`
//                                 a headerless file gets generated names
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "core/csv/column_type.hpp"
#include "core/csv/names.hpp"
#include "core/csv/reader.hpp"
#include "core/csv/table_scan.hpp"
#include "core/csv/writer.hpp"

namespace {

using namespace sluice::csv;

std::string json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", byte);
      out += buffer;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void print(const TableReport& report) {
  const ScanCounts& counts = report.counts;
  std::cout << "{\"dialect\":" << json(encode(report.detected.dialect))
            << ",\"not_text\":" << json(report.detected.reason)
            << ",\"confidence\":" << report.detected.confidence << ",\"records\":" << counts.records
            << ",\"loaded\":" << counts.rows << ",\"repaired\":" << counts.repaired
            << ",\"rejected\":" << counts.rejected()
            << ",\"headers\":" << counts.skipped[static_cast<std::size_t>(SkipReason::header)]
            << ",\"skipped\":" << counts.all_skipped() << ",\"blocks\":" << report.blocks.size()
            << ",\"layout\":" << json(to_string(report.layout)) << ",\"columns\":[";
  for (std::size_t i = 0; i < report.columns.size(); ++i) {
    const ColumnReport& column = report.columns[i];
    std::cout << (i == 0 ? "" : ",") << "{\"name\":" << json(column.shown_name)
              << ",\"original\":" << json(column.original_name)
              << ",\"type\":" << json(to_string(column.verdict.type.type))
              << ",\"rule\":" << json(encode(column.verdict.type))
              << ",\"order\":" << json(to_string(column.verdict.order))
              << ",\"nulls\":" << column.verdict.nulls
              << ",\"otherwise\":" << column.verdict.written_otherwise << "}";
  }
  std::cout << "]}\n";
}

// Typed and back, as a dataset would: what a type cannot give back comes from the side store.
void put_cell(const ColumnType& type, const Field& field, Writer& writer, std::string& scratch) {
  const ParsedCell cell = parse_cell(type, field);
  scratch.clear();
  if (cell.status == CellStatus::exact) {
    if (!render_cell(type, cell.value, scratch)) {
      writer.null();
      return;
    }
    if (scratch != field.text)
      throw std::runtime_error{"not lossless: " + std::string{field.text} + " / " + scratch};
    writer.field(scratch);
  } else if (cell.status == CellStatus::written_otherwise) {
    if (field.is_null()) {
      writer.null();
    } else {
      writer.field(field.text);
    }
  } else {
    throw std::runtime_error{"a cell does not fit the type found for its column: " + std::string{field.text}};
  }
}

void convert(ByteSource& source, const TableReport& report, const char* path, bool always_header) {
  std::string out, scratch;
  Writer writer{out, {}};
  const Dialect& dialect = report.detected.dialect;
  if (!report.columns.empty() && (dialect.header_rows > 0 || always_header)) {
    for (const ColumnReport& column : report.columns) {
      writer.field(dialect.header_rows > 0 ? column.original_name : column.shown_name);
    }
    writer.end_record();
  }
  ScanCounts counts;
  if (report.detected.content != Content::empty) {
    Reader reader{source, dialect};
    while (const Record* record = reader.next()) {
      if (record->kind == RecordKind::skipped) ++counts.skipped[static_cast<std::size_t>(record->reason)];
      if (record->kind == RecordKind::reject) ++counts.rejects[static_cast<std::size_t>(record->code)];
      if (record->kind != RecordKind::row) continue;
      ++counts.rows;
      for (std::size_t i = 0; i < record->fields.size(); ++i) {
        put_cell(report.columns[i].verdict.type, record->fields[i], writer, scratch);
      }
      writer.end_record();
    }
    counts.records = reader.position().records;
  }
  if (counts.rows != report.counts.rows || counts.rejects != report.counts.rejects ||
      counts.skipped != report.counts.skipped || counts.records != report.counts.records ||
      counts.records != counts.rows + counts.rejected() + counts.all_skipped()) {
    throw std::runtime_error{"the counts of the two passes differ"};
  }
  std::ofstream{path, std::ios::binary} << out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string command = argv[1];
  std::ifstream file{argv[2], std::ios::binary};
  std::string bytes(std::filesystem::file_size(argv[2]), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  MemorySource source{bytes}, ahead{bytes};
  ScanOptions options;
  options.ahead = &ahead;
  const auto report = detect_table(source, options);
  if (!report) return 1;
  try {
    if (command == "detect") {
      print(*report);
    } else if (command == "convert" && argc >= 4) {
      convert(source, *report, argv[3], argc > 4 && std::string_view{argv[4]} == "yes");
    } else {
      return 2;
    }
  } catch (const std::exception& error) {
    std::cerr << argv[2] << ": " << error.what() << "\n";
    return 1;
  }
  return 0;
}
