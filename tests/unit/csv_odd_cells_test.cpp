// SPDX-License-Identifier: MIT
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "core/csv/odd_cells.hpp"
#include "core/csv/table_scan.hpp"

using namespace sluice::csv;

namespace {

TableReport scan(std::string_view text, const ScanOptions& options = {}) {
  MemorySource source{text};
  return *detect_table(source, options);
}

std::string day(int n) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d.%02d.2017", n % 28 + 1, n / 28 % 12 + 1);
  return text;
}

/// "id;day;amount" with `odd` as the day of record `at`, 0-based.
std::string table(int records, int at, std::string_view odd) {
  std::string text = "id;day;amount\n";
  for (int i = 0; i < records; ++i)
    text += std::to_string(i) + ";" + (i == at ? std::string{odd} : day(i)) + ";1,50\n";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_odd_cells)

BOOST_DATA_TEST_CASE(one_odd_cell_is_named_wherever_it_stands, boost::unit_test::data::make({0, 1, 57, 199}),
                     at) {
  const TableReport report = scan(table(200, at, "31.02.2017"));
  BOOST_TEST(is_text(report.columns[1].verdict.type.type));
  BOOST_REQUIRE(report.columns[1].odd.has_value());
  const OddCell& odd = *report.columns[1].odd;
  BOOST_TEST(odd.text == "31.02.2017");
  BOOST_TEST(odd.line == static_cast<std::uint64_t>(at) + 2);
  BOOST_TEST((odd.type.type == Type::date));
  BOOST_TEST(odd.type.date.format == "%d.%m.%Y");
  BOOST_REQUIRE(report.notices.size() == 1u);
  BOOST_TEST(
      report.notices[0] ==
      "Column day stays text because of \"31.02.2017\" in line " + std::to_string(at + 2) +
          ": nearly all other values around it are dates. Mend the file, or load it again with that text "
          "among the column's words for no value, or with type date for the column: then such records become "
          "rejects.");
}

BOOST_DATA_TEST_CASE(also_far_behind_the_first_stretch,
                     boost::unit_test::data::make({19'999, 50'000, 99'998}), at) {
  ScanOptions options;
  options.block_bytes = 64 << 10;
  const TableReport report = scan(table(100'000, at, "soon"), options);
  BOOST_REQUIRE(report.columns[1].odd.has_value());
  BOOST_TEST(report.columns[1].odd->text == "soon");
  BOOST_TEST(report.columns[1].odd->line == static_cast<std::uint64_t>(at) + 2);
}

BOOST_AUTO_TEST_CASE(numbers_keep_how_they_are_written) {
  std::string text = "id;amount\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + ";" + (i == 40 ? "free" : "1.234,50") + "\n";
  const TableReport report = scan(text);
  BOOST_REQUIRE(report.columns[1].odd.has_value());
  BOOST_TEST((report.columns[1].odd->type.type == Type::decimal));
  BOOST_TEST(report.columns[1].odd->type.number.decimal == ',');
  BOOST_TEST(report.columns[1].odd->type.number.group == '.');
  BOOST_REQUIRE(report.notices.size() == 1u);
  BOOST_TEST(report.notices[0].find("with type decimal(18,2) for the column") != std::string::npos,
             report.notices[0]);
}

BOOST_AUTO_TEST_CASE(what_is_text_has_no_odd_cell) {
  std::string text = "name,code,half,few,null\n";
  for (int i = 0; i < 400; ++i) {
    text += "name " + std::to_string(i) + ",A" + std::to_string(i) + "," + (i % 2 ? day(i) : "none") + "," +
            (i < 18    ? day(i)
             : i == 18 ? "x"
                       : "") +
            "," + (i % 30 ? day(i) : "n/a") + "\n";
  }
  const TableReport report = scan(text);
  for (const ColumnReport& column : report.columns) BOOST_TEST(!column.odd.has_value(), column.shown_name);
  BOOST_TEST((report.columns[4].verdict.type.type == Type::date));
  BOOST_TEST(report.notices.empty());
}

BOOST_AUTO_TEST_CASE(a_twentieth_may_be_odd_and_no_more) {
  for (const int odd : {9, 10, 11}) {
    std::string text = "id,day\n";
    for (int i = 0; i < 200; ++i)
      text += std::to_string(i) + "," + (i % 18 == 5 && i / 18 < odd ? "?" : day(i)) + "\n";
    BOOST_TEST(scan(text).columns[1].odd.has_value() == (odd <= 10), odd);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_odd_where_no_type_was_looked_for) {
  const std::string text = table(200, 20, "x");
  ScanOptions as_text, given;
  as_text.types_as_text = true;
  given.given_types.resize(3);
  BOOST_TEST(!scan(text, as_text).columns[1].odd.has_value());
  BOOST_TEST(!scan(text, given).columns[1].odd.has_value());
  ScanOptions words;
  words.null_words[1] = {"x"};
  BOOST_TEST((scan(text, words).columns[1].verdict.type.type == Type::date));
}

BOOST_AUTO_TEST_CASE(a_null_word_of_somebodys_own_is_not_odd) {
  std::string text = table(200, 20, "x");
  text += "200;?;1,50\n201;01.01.2017;1,50\n";
  ScanOptions words;
  words.null_words[1] = {"x"};
  const TableReport report = scan(text, words);
  BOOST_REQUIRE(report.columns[1].odd.has_value());
  BOOST_TEST(report.columns[1].odd->text == "?");
}

BOOST_AUTO_TEST_CASE(days_and_months_that_cannot_be_told_apart_are_told_so) {
  std::string text = "id,day\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + ",0" + std::to_string(i % 9 + 1) + "/05/2017\n";
  const TableReport report = scan(text);
  BOOST_TEST(!report.columns[1].odd.has_value());
  BOOST_REQUIRE(report.notices.size() == 1u);
  BOOST_TEST(report.notices[0].find("day/month or month/day") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_cell_is_shown_in_part) {
  std::string euros;
  for (int i = 0; i < 40; ++i) euros += "€";
  const TableReport report = scan(table(100, 50, euros));
  BOOST_REQUIRE(report.columns[1].odd.has_value());
  BOOST_TEST(report.columns[1].odd->text == euros.substr(0, 39) + "…");
}

BOOST_AUTO_TEST_CASE(many_odd_columns_are_not_all_told) {
  std::string text;
  for (int column = 0; column < 9; ++column) text += (column ? ",c" : "c") + std::to_string(column);
  text += "\n";
  for (int i = 0; i < 100; ++i) {
    for (int column = 0; column < 9; ++column)
      text += std::string(column ? "," : "") + (i == 60 + column ? "?" : "7");
    text += "\n";
  }
  const TableReport report = scan(text);
  BOOST_REQUIRE(report.notices.size() == 6u);
  BOOST_TEST(report.notices[5] == "4 more columns stay text because of few cells.");
}

BOOST_AUTO_TEST_SUITE_END()
