// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "core/csv/reader.hpp"

using namespace sluice::csv;

namespace {

// "a|b|" for each row, "!code" for a reject, "~reason" for what is skipped.
std::vector<std::string> read_all(std::string_view text, const Dialect& dialect, const Position& start = {}) {
  MemorySource source{text};
  Reader reader{source, dialect, start};
  std::vector<std::string> found;
  while (const Record* record = reader.next()) {
    std::string line;
    if (record->kind == RecordKind::reject) {
      line = "!" + std::string{to_string(record->code)};
    } else if (record->kind == RecordKind::skipped) {
      line = "~" + std::string{to_string(record->reason)};
    } else {
      for (const Field& field : record->fields) {
        line += field.is_null() ? "NULL" : std::string{field.text};
        line += '|';
      }
    }
    found.push_back(line);
  }
  return found;
}

Dialect body(std::uint32_t width) {
  Dialect dialect;
  dialect.header_rows = 0;
  dialect.width = width;
  return dialect;
}

using Lines = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_reader)

BOOST_AUTO_TEST_CASE(reads_quotes_line_ends_and_nulls) {
  BOOST_TEST(
      read_all("a,b\r\n\"x, \"\"y\"\"\",\"\"\n,z", body(2)) == (Lines{"a|b|", "x, \"y\"||", "NULL|z|"}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keeps_cr_inside_quotes) {
  BOOST_TEST(read_all("1,\"x\ny\r\nz\r\"\n", body(2)) == (Lines{"1|x\ny\r\nz\r|"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unclosed_quote_costs_one_record) {
  BOOST_TEST(read_all("1,a\n2,\"b\n3,c\n4,\"d\"\n", body(2)) == (Lines{"1|a|", "2|\"b|", "3|c|", "4|d|"}),
             boost::test_tools::per_element());
  BOOST_TEST(read_all("1,2,a\n3,\"b,c\n4,5,d\n", body(3)) == (Lines{"1|2|a|", "3|\"b|c|", "4|5|d|"}),
             boost::test_tools::per_element());
  BOOST_TEST(read_all("1,2\n\"3\n4,5\n", body(2)) == (Lines{"1|2|", "!unclosed_quote", "4|5|"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(takes_a_stray_quote_literally_where_one_reading_is_best) {
  BOOST_TEST(read_all("20/03,\"\"Tippet, Pro\",x\n", body(3)) == (Lines{"20/03|\"Tippet, Pro|x|"}),
             boost::test_tools::per_element());
  BOOST_TEST(read_all("a,\"b,\"c, d\",e\n", body(4)) == (Lines{"a|\"b|c, d|e|"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(pads_short_records_and_drops_empty_surplus) {
  BOOST_TEST(read_all("1,2,3\n4,5\n6,7,8,\n9,10,11,12\n1,1,1\n", body(3)) ==
                 (Lines{"1|2|3|", "4|5|NULL|", "6|7|8|", "!too_many_fields", "1|1|1|"}),
             boost::test_tools::per_element());
  Dialect strict = body(3);
  strict.short_records = ShortRecords::reject;
  BOOST_TEST(read_all("4,5\n", strict) == (Lines{"!too_few_fields"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_record_knows_where_it_stands) {
  const std::string text = "h1,h2\n\n1,\"a\nb\"\nx\n";
  Dialect dialect = body(2);
  dialect.header_rows = 1;
  dialect.short_records = ShortRecords::reject;
  MemorySource source{text};
  Reader reader{source, dialect};
  BOOST_TEST(to_string(reader.next()->reason) == "header");
  BOOST_TEST(to_string(reader.next()->reason) == "blank");
  const Record* row = reader.next();
  BOOST_TEST(row->record_no == 3u);
  BOOST_TEST(row->row_no == 1u);
  BOOST_TEST(row->first_line == 3u);
  BOOST_TEST(row->last_line == 4u);
  BOOST_TEST(row->byte_offset == 7u);
  BOOST_TEST(row->byte_length == 8u);
  const Record* reject = reader.next();
  BOOST_TEST(reject->first_line == 5u);
  BOOST_TEST(reject->raw == "x");
  BOOST_TEST(!reader.next());
  BOOST_TEST(reader.position().offset == text.size());
}

BOOST_AUTO_TEST_CASE(goes_on_from_any_position_as_if_it_had_never_stopped) {
  std::string text = "a,b\n";
  for (int i = 0; i < 50; ++i) {
    text += std::to_string(i) + (i % 7 == 3 ? ",\"multi\nline\"\n" : i % 7 == 5 ? ",\"open\n" : ",plain\r\n");
  }
  Dialect dialect = body(2);
  dialect.header_rows = 1;
  const std::vector<std::string> whole = read_all(text, dialect);
  MemorySource source{text};
  Reader reader{source, dialect};
  for (std::size_t done = 1; reader.next() != nullptr; ++done) {
    const Position saved = Position::from_numbers(reader.position().numbers());
    const std::vector<std::string> rest = read_all(text, dialect, saved);
    BOOST_TEST(
        rest == std::vector<std::string>(whole.begin() + static_cast<std::ptrdiff_t>(done), whole.end()),
        boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_field_of_64_mb_is_one_reject) {
  const std::string huge(64 << 20, 'x');
  BOOST_TEST(read_all("1,a\n2," + huge + "\n3,c\n", body(2)) == (Lines{"1|a|", "!too_long", "3|c|"}),
             boost::test_tools::per_element());
  std::string lines = huge;
  for (std::size_t i = 1000; i < lines.size(); i += 1000) lines[i] = '\n';
  BOOST_TEST(read_all("1,a\n2,\"" + lines + "\"\n3,c\n", body(2)) == (Lines{"1|a|", "!too_long", "3|c|"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(reads_other_encodings) {
  Dialect dialect = body(2);
  dialect.encoding = Encoding::windows1252;
  BOOST_TEST(read_all("caf\xE9,\x80\n", dialect) == (Lines{"café|€|"}), boost::test_tools::per_element());
  dialect.encoding = Encoding::utf16le;
  BOOST_TEST(read_all(std::string_view{"1\0,\0\xE9\0\n\0x\0", 10}, dialect) == (Lines{"1|é|", "x|NULL|"}),
             boost::test_tools::per_element());
  BOOST_TEST(read_all("a,\xFF\nb,c\n", body(2)) == (Lines{"!bad_encoding", "b|c|"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
