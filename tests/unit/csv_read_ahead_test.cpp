// SPDX-License-Identifier: MIT
// A scan finds the same with a second thread that reads ahead, whatever the file is like; and two readers
// that share a file, block by block, see the records that one sees.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/csv/reader.hpp"
#include "core/csv/table_scan.hpp"
#include "core/csv/text_reason.hpp"

using namespace sluice::csv;

namespace {

unsigned seed() {
  const char* given = std::getenv("SLUICE_SEED");
  return given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}() % 1'000'000;
}

std::string described(const TableReport& report) {
  std::string text = encode(report.detected.dialect) + "\n";
  const auto put = [&](std::uint64_t number) { text += std::to_string(number) + " "; };
  put(report.counts.records);
  put(report.counts.rows);
  put(report.counts.repaired);
  for (const auto count : report.counts.rejects) put(count);
  for (const auto count : report.counts.skipped) put(count);
  for (const ColumnReport& column : report.columns) {
    const ColumnVerdict& verdict = column.verdict;
    text += "\n" + column.shown_name + " " + encode(verdict.type) + " " +
            std::string{to_string(verdict.order)} + " ";
    put(verdict.cells);
    put(verdict.nulls);
    put(verdict.written_otherwise);
    put(verdict.max_bytes);
    text += std::to_string(verdict.least.value_or(-1)) + " " + std::to_string(verdict.greatest.value_or(-1));
    for (const std::string& reason : text_reasons({{column.shown_name, &column}})) text += " " + reason;
  }
  for (const std::string& notice : report.notices) text += "\n" + notice;
  return text;
}

TableReport scan(std::string_view text, std::uint64_t block_bytes, bool ahead) {
  MemorySource source{text}, second{text};
  ScanOptions options;
  options.block_bytes = block_bytes;
  options.explain_text = true;
  if (ahead) options.ahead = &second;
  return *detect_table(source, options);
}

// A table of seven columns in which anything may happen that files do, more or less often.
std::string messy(std::mt19937& dice) {
  const auto one_in = [&](unsigned n) { return n != 0 && dice() % n == 0; };
  const unsigned lines_in_fields = dice() % 3 * 5, quotes = dice() % 2 * 60, short_rows = dice() % 3 * 40,
                 outliers = dice() % 3 * 200, empties = dice() % 3 * 7;
  std::string text = dice() % 4 == 0 ? "a report\n\n" : "";
  text += "id,day,at,price,flag,note,n\n";
  const int rows = 200 + static_cast<int>(dice() % 1500);
  for (int i = 0; i < rows; ++i) {
    const unsigned day = 1 + dice() % 28, month = 1 + dice() % 12;
    std::string note = "note " + std::to_string(dice() % 100);
    if (one_in(lines_in_fields)) note = "\"two\nlines\n1,2,3,4,5,6,7\"";
    if (one_in(quotes)) note = "\"open";
    text +=
        std::to_string(i) + "," + (day < 10 ? "0" : "") + std::to_string(day) + "/" +
        (month < 10 ? "0" : "") + std::to_string(month) + "/2019," +
        (one_in(empties) ? "" : "2019-03-04 05:06:07") + "," +
        (one_in(outliers) ? "much" : std::to_string(dice() % 1000) + "." + std::to_string(10 + dice() % 90)) +
        (one_in(2) ? ",yes," : ",no,") + note + "," + std::to_string(dice() % 2000) + "\n";
    if (one_in(short_rows)) text += std::to_string(i) + ",\n";
    if (one_in(900)) text += "\n,,,,,,\n";
  }
  if (one_in(3)) text += ",,,,,,\nTotal,\n";
  if (one_in(4)) text += "id,day,at,price,flag,note,n\n1,2,3,4,5,6,7\n";
  if (one_in(4)) text += "1,caf\xE9,,,,,\n";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_read_ahead)

BOOST_AUTO_TEST_CASE(reading_ahead_changes_nothing) {
  const unsigned seeded = seed();
  BOOST_TEST_MESSAGE("SLUICE_SEED=" << seeded);
  std::mt19937 dice{seeded};
  for (int i = 0; i < 60; ++i) {
    const std::string text = messy(dice);
    const std::string alone = described(scan(text, 1u << 20, false));
    for (const std::uint64_t block_bytes : {500u, 3000u, 20'000u}) {
      BOOST_TEST(described(scan(text, block_bytes, false)) == alone,
                 "SLUICE_SEED=" << seeded << ", file " << i);
      BOOST_TEST(described(scan(text, block_bytes, true)) == alone,
                 "SLUICE_SEED=" << seeded << ", file " << i);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_blocks_of_a_file_read_by_themselves_give_its_records) {
  const unsigned seeded = seed();
  BOOST_TEST_MESSAGE("SLUICE_SEED=" << seeded);
  std::mt19937 dice{seeded};
  for (int i = 0; i < 20; ++i) {
    const std::string text = messy(dice);
    const TableReport report = scan(text, 2000, true);
    MemorySource source{text}, part{text};
    Reader whole{source, report.detected.dialect};
    for (const Block& block : report.blocks) {
      Reader reader{part, report.detected.dialect, block.start, block.end_offset};
      while (const Record* record = reader.next()) {
        const Record* same = whole.next();
        BOOST_REQUIRE(same != nullptr);
        const bool equal = record->kind == same->kind && record->record_no == same->record_no &&
                           record->row_no == same->row_no && record->first_line == same->first_line &&
                           record->last_line == same->last_line && record->byte_offset == same->byte_offset &&
                           std::equal(record->fields.begin(), record->fields.end(), same->fields.begin(),
                                      same->fields.end(), [](const Field& a, const Field& b) {
                                        return a.text == b.text && a.quoted == b.quoted;
                                      });
        BOOST_REQUIRE_MESSAGE(equal, "SLUICE_SEED=" << seeded << ", record " << record->record_no);
      }
    }
    BOOST_TEST(whole.next() == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(a_scan_that_reads_ahead_stops_when_told_to) {
  std::string text = "a,b\n";
  for (int i = 0; i < 3'000'000; ++i) text += "1,2\n";
  MemorySource source{text}, ahead{text};
  ScanOptions options;
  options.block_bytes = 1u << 20;
  options.ahead = &ahead;
  int asked = 0;  // at the start, and every 10 ms
  options.keep_going = [&](std::uint64_t) { return ++asked < 2; };
  BOOST_TEST(!detect_table(source, options).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
