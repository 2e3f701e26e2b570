// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "core/csv/reader.hpp"
#include "core/csv/table_scan.hpp"

using namespace sluice::csv;

namespace {

TableReport scan(std::string_view text, const ScanOptions& options = {}) {
  MemorySource source{text};
  return *detect_table(source, options);
}

void check_counts(std::string_view text, const TableReport& report) {
  const ScanCounts& counts = report.counts;
  BOOST_TEST(counts.records == counts.rows + counts.rejected() + counts.all_skipped());
  // The load reads with the dialect the scan found, block by block, and must see the same.
  MemorySource source{text};
  ScanCounts loaded;
  for (const Block& block : report.blocks) {
    Reader reader{source, report.detected.dialect, block.start, block.end_offset};
    std::uint64_t rows = 0;
    while (const Record* record = reader.next()) {
      ++loaded.records;
      if (record->kind == RecordKind::row) {
        ++rows;
        BOOST_TEST(record->row_no == block.start.rows + rows);
      }
      if (record->kind == RecordKind::reject) ++loaded.rejects[static_cast<std::size_t>(record->code)];
      if (record->kind == RecordKind::skipped) ++loaded.skipped[static_cast<std::size_t>(record->reason)];
    }
    BOOST_TEST(rows == block.rows);
    loaded.rows += rows;
  }
  BOOST_TEST(loaded.records == counts.records);
  BOOST_TEST(loaded.rows == counts.rows);
  BOOST_TEST(loaded.rejects == counts.rejects, boost::test_tools::per_element());
  BOOST_TEST(loaded.skipped == counts.skipped, boost::test_tools::per_element());
}

std::uint64_t skipped(const TableReport& report, SkipReason reason) {
  return report.counts.skipped[static_cast<std::size_t>(reason)];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_table_scan)

BOOST_AUTO_TEST_CASE(joins_dialect_names_types_and_counts) {
  const std::string text =
      "Report 2017\nmade by X\n\nid;day;price\n1;13/02/2017;1,5\n2;01/03/2017;2,25\n\nTotal;;\n";
  const TableReport report = scan(text);
  check_counts(text, report);
  BOOST_TEST(report.detected.dialect.delimiter == ";");
  BOOST_REQUIRE(report.columns.size() == 3u);
  BOOST_TEST(report.columns[1].shown_name == "day");
  BOOST_TEST(to_string(report.columns[1].verdict.type.type) == "date");
  BOOST_TEST(skipped(report, SkipReason::preamble) == 3u);
  BOOST_TEST(skipped(report, SkipReason::blank) == 1u);
}

BOOST_AUTO_TEST_CASE(rows_below_the_table_are_a_footer) {
  const std::string text = "a,b,c\n1,2,3\n4,5,6\n,,\nTotal: 2 rows\n,,\n";
  const TableReport report = scan(text);
  check_counts(text, report);
  BOOST_TEST(report.counts.rows == 2u);
  BOOST_TEST(report.counts.rejects[static_cast<std::size_t>(RejectCode::footer)] == 1u);
  BOOST_TEST(skipped(report, SkipReason::blank) == 2u);
  BOOST_TEST(to_string(report.columns[0].verdict.type.type) == "int");
}

BOOST_AUTO_TEST_CASE(a_footer_does_not_make_two_columns_one) {
  const TableReport report = scan("a,b\n1,2\n3,4\nTotal: 2 rows\n");
  BOOST_TEST(report.columns.size() == 2u);
  BOOST_TEST(report.counts.rows == 2u);
}

BOOST_AUTO_TEST_CASE(the_header_again_begins_a_second_table) {
  const std::string text = "a,b\n1,2\n3,4\n\na,b,c\n5,6,7\n8,9,1\n";
  const TableReport report = scan(text);
  check_counts(text, report);
  BOOST_TEST(report.counts.rows == 2u);
  BOOST_TEST(skipped(report, SkipReason::second_table) == 3u);
}

BOOST_AUTO_TEST_CASE(empty_files_are_tables_without_rows) {
  for (const std::string_view text : {"", "\xEF\xBB\xBF", "\n\n", "a,b\n",
                                      "\xEF\xBB\xBF"
                                      "a,b"}) {
    const TableReport report = scan(text);
    check_counts(text, report);
    BOOST_TEST(report.counts.rows == 0u);
    BOOST_TEST(report.notices.size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(other_content_is_refused_with_a_reason) {
  for (const std::string_view text :
       {std::string_view{"\x89PNG\r\n\x1A\n\0\0", 10}, std::string_view{"\x1F\x8B\x08"},
        std::string_view{"PK\x03\x04 xl/workbook.xml"},
        std::string_view{"\xFF\xFE\0\0a\0\0\0,\0\0\0b\0\0\0\n\0\0\0", 20},
        std::string_view{"\0\0\xFE\xFF\0\0\0a\0\0\0,\0\0\0b\0\0\0\n", 20}}) {
    const TableReport report = scan(text);
    BOOST_TEST((report.detected.content == Content::not_text));
    BOOST_TEST(!report.detected.reason.empty());
  }
}

BOOST_AUTO_TEST_CASE(the_first_byte_that_is_no_utf8_decides_by_the_whole_file) {
  std::string western = "id,name\n", mostly_utf8 = "id,name\n";
  for (int i = 0; i < 20'000; ++i) {
    western += std::to_string(i) + ",plain text\n";
    mostly_utf8 += std::to_string(i) + ",caf\xC3\xA9\n";
  }
  western += "1,caf\xE9\n";
  mostly_utf8 += "1,caf\xE9\n";
  const TableReport first = scan(western), second = scan(mostly_utf8);
  check_counts(western, first);
  check_counts(mostly_utf8, second);
  BOOST_TEST(to_string(first.detected.dialect.encoding) == "windows-1252");
  BOOST_TEST(first.counts.rows == 20'001u);
  BOOST_TEST(to_string(second.detected.dialect.encoding) == "utf-8");
  BOOST_TEST(second.counts.rejects[static_cast<std::size_t>(RejectCode::bad_encoding)] == 1u);
}

BOOST_AUTO_TEST_CASE(blocks_know_the_range_of_their_dates) {
  std::string text = "day,n\n";
  for (int i = 0; i < 3000; ++i) {
    text += (i % 28 < 9 ? "0" : "") + std::to_string(i % 28 + 1) + "/0" + std::to_string(1 + i / 1000) +
            "/2020,x\n";
  }
  ScanOptions options;
  options.block_bytes = 4096;
  const TableReport report = scan(text, options);
  check_counts(text, report);
  BOOST_TEST(to_string(report.columns[0].verdict.order) == "dmy");
  BOOST_TEST(report.blocks.size() > 5u);
  for (const Block& block : report.blocks) {
    BOOST_REQUIRE(block.ranges.size() == 1u);
    BOOST_TEST(block.ranges[0].least <= block.ranges[0].greatest);
  }
  BOOST_TEST(from_microseconds(report.blocks.front().ranges[0].greatest).date.month == 1);
  BOOST_TEST(from_microseconds(report.blocks.back().ranges[0].least).date.month == 3);
}

BOOST_AUTO_TEST_CASE(text_stays_text_when_asked_for) {
  ScanOptions options;
  options.types_as_text = true;
  const TableReport report = scan("a,b\n1,2\n3,4\n", options);
  BOOST_TEST(is_text(report.columns[0].verdict.type.type));
}

BOOST_AUTO_TEST_CASE(stops_when_told_to) {
  std::string text = "a,b\n";
  for (int i = 0; i < 200'000; ++i) text += "1,2\n";
  MemorySource source{text};
  ScanOptions options;
  options.keep_going = [](std::uint64_t) { return false; };
  BOOST_TEST(!detect_table(source, options).has_value());
}

BOOST_AUTO_TEST_CASE(an_unclosed_quote_in_a_large_file_costs_one_record) {
  std::string text = "a,b\n";
  for (int i = 0; i < 300'000; ++i) text += i == 10 ? "10,\"open\n" : "1,plain\n";
  const TableReport report = scan(text);
  BOOST_TEST(report.counts.records == 300'001u);
  BOOST_TEST(report.counts.rows == 300'000u);
  BOOST_TEST(report.counts.repaired == 1u);
}

BOOST_AUTO_TEST_CASE(wide_tables_are_packed) {
  std::string header, row;
  for (int i = 0; i < 1017; ++i) {
    header += (i == 0 ? "c" : ",c") + std::to_string(i);
    row += i == 0 ? "1" : ",1";
  }
  BOOST_TEST((scan(header + "\n" + row + "\n").layout == Layout::packed));
  BOOST_TEST((scan("a,b\n1,2\n").layout == Layout::columns));
}

BOOST_AUTO_TEST_SUITE_END()
