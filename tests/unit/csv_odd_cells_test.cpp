// SPDX-License-Identifier: MIT
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "core/csv/odd_cells.hpp"
#include "core/csv/table_scan.hpp"
#include "core/csv/text_reason.hpp"

using namespace sluice::csv;
using Why = OddCell::Why;

namespace {

ScanOptions explaining() {
  ScanOptions options;
  options.explain_text = true;
  return options;
}

TableReport scan(std::string_view text, const ScanOptions& options = explaining()) {
  MemorySource source{text};
  return *detect_table(source, options);
}

std::string day(int n, const char* format = "%02d.%02d.2017") {
  char text[32];
  std::snprintf(text, sizeof text, format, n % 28 + 1, n / 28 % 12 + 1);
  return text;
}

/// "id;day;amount" with `odd` as the day of record `at`, 0-based.
std::string table(int records, int at, std::string_view odd) {
  std::string text = "id;day;amount\n";
  for (int i = 0; i < records; ++i)
    text += std::to_string(i) + ";" + (i == at ? std::string{odd} : day(i)) + ";1,50\n";
  return text;
}

/// A table of one column beside its numbers: `value` of each record.
template <typename Value>
std::string column(int records, Value value) {
  std::string text = "id;v\n";
  for (int i = 0; i < records; ++i) text += std::to_string(i) + ";" + std::string{value(i)} + "\n";
  return text;
}

std::string told(const TableReport& report) {
  const auto reasons = text_reasons({{"v", &report.columns.at(1)}});
  return reasons.empty() ? "" : reasons.at(0);
}

/// Counts what is read of it.
class CountedSource final : public ByteSource {
 public:
  explicit CountedSource(std::string_view text) : text_{text} {}
  std::uint64_t size() const override { return text_.size(); }
  std::size_t read(std::uint64_t offset, std::span<char> into) override {
    const std::size_t got = MemorySource{text_}.read(offset, into);
    bytes += got;
    return got;
  }
  std::uint64_t bytes = 0;

 private:
  std::string_view text_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_odd_cells)

BOOST_DATA_TEST_CASE(one_odd_cell_is_named_wherever_it_stands, boost::unit_test::data::make({0, 1, 57, 199}),
                     at) {
  const TableReport report = scan(table(200, at, "31.02.2017"));
  BOOST_TEST(is_text(report.columns[1].verdict.type.type));
  BOOST_REQUIRE(report.columns[1].odd.has_value());
  const OddCell& odd = *report.columns[1].odd;
  BOOST_TEST((odd.why == Why::other_kind));
  BOOST_TEST(odd.dates);
  BOOST_TEST(odd.text == "31.02.2017");
  BOOST_TEST(odd.line == static_cast<std::uint64_t>(at) + 2);
  BOOST_TEST(odd.type.date.format == "%d.%m.%Y");
}

BOOST_DATA_TEST_CASE(also_far_behind_the_top, boost::unit_test::data::make({19'999, 300'000, 599'998}), at) {
  for (const std::uint64_t block_bytes : {64u << 10, 1u << 20}) {
    ScanOptions options = explaining();
    options.block_bytes = block_bytes;
    const TableReport report = scan(table(600'000, at, "soon"), options);
    BOOST_REQUIRE(report.columns[1].odd.has_value());
    BOOST_TEST(report.columns[1].odd->text == "soon");
    BOOST_TEST(report.columns[1].odd->line == static_cast<std::uint64_t>(at) + 2);
  }
}

BOOST_DATA_TEST_CASE(the_first_reason_counts, boost::unit_test::data::make({100, 20'000}), at) {
  std::string text = "id;day\n";
  for (int i = 0; i < 2 * at; ++i)
    text += std::to_string(i) + ";" + (i == at ? "2017-01-05" : i == at + 3 ? "soon" : day(i)) + "\n";
  text += "Total\n";
  for (const std::uint64_t block_bytes : {8u << 10, 1u << 20}) {
    ScanOptions options = explaining();
    options.block_bytes = block_bytes;
    const TableReport report = scan(text, options);
    BOOST_REQUIRE(report.columns[1].odd.has_value());
    BOOST_TEST((report.columns[1].odd->why == Why::other_writing));
    BOOST_TEST(report.columns[1].odd->text == "2017-01-05");
    BOOST_TEST(report.columns[1].odd->line == static_cast<std::uint64_t>(at) + 2);
  }
}

BOOST_AUTO_TEST_CASE(a_footer_and_a_second_table_are_no_part_of_it) {
  std::string text = table(100, -1, "");
  BOOST_TEST(told(scan(text + "\nTotal;;\n")).empty());
  BOOST_TEST((scan(text + "\nTotal;;\n").columns[1].verdict.type.type == Type::date));
  BOOST_TEST(told(scan(text + "id;day;amount\n1;soon;2\n")).empty());
}

BOOST_AUTO_TEST_CASE(the_advice_is_what_can_be_done) {
  const auto with = [](const char* odd, auto value) {
    return told(scan(column(100, [&](int i) { return i == 40 ? std::string{odd} : value(i); })));
  };
  const auto iso = [](int i) { return day(i, "2017-%2$02d-%1$02d"); };
  const std::string begin = "Column v stays text because of ", end = ": then such records become rejects.";
  const std::string dates = "\"soon\" in line 42: nearly all other values are dates. Mend the file",
                    numbers = "\"free\" in line 42: nearly all other values are numbers. Mend the file";
  const auto words = [](const std::string& list) {
    return ", or load it again with null_words " + list + " for the column, if it stands for no value";
  };
  BOOST_TEST(with("soon", [](int i) { return day(i); }) == begin + dates + words("\"soon\"") + ".");
  BOOST_TEST(with("soon", iso) ==
             begin + dates + words("\"soon\"") + ", or with type date and date_format %Y-%m-%d" + end);
  BOOST_TEST(with("soon", [&](int i) { return i % 9 ? iso(i) : "NULL"; }) ==
             begin + dates + words("\"soon\", \"NULL\"") + ", or with type date and date_format %Y-%m-%d" +
                 end);
  BOOST_TEST(with("05.01.2017", iso) ==
             begin + "\"05.01.2017\" in line 42: it is not written as the dates above it. Mend the file.");
  BOOST_TEST(with("free", [](int i) { return std::to_string(i); }) ==
             begin + numbers + words("\"free\"") + ", or with type bigint" + end);
  BOOST_TEST(with("free", [](int i) { return std::to_string(i) + ".25"; }) ==
             begin + numbers + words("\"free\"") + ", or with type decimal(38,2)" + end);
  BOOST_TEST(with("free", [](int i) { return "0.12345678901234567" + std::to_string(10 + i % 90); }) ==
             begin + numbers + words("\"free\"") + ", or with type decimal(38,19)" + end);
  BOOST_TEST(with("free", [](int i) { return "1.234," + std::to_string(10 + i % 90); }) ==
             begin + numbers + words("\"free\"") + ".");
  BOOST_TEST(with("late", [](int i) { return "08:" + std::to_string(10 + i % 50); }) ==
             begin + "\"late\" in line 42: nearly all other values are times. Mend the file" +
                 words("\"late\"") + ".");
}

BOOST_AUTO_TEST_CASE(of_many_columns_some_are_told) {
  std::string text;
  for (int column = 0; column < 9; ++column) text += (column ? ",c" : "c") + std::to_string(column);
  text += "\n";
  for (int i = 0; i < 100; ++i) {
    for (int column = 0; column < 9; ++column)
      text += std::string(column ? "," : "") + (i == 60 + column ? "?" : "7");
    text += "\n";
  }
  const TableReport report = scan(text);
  std::vector<TextColumn> columns;
  for (const ColumnReport& column : report.columns) columns.push_back({column.shown_name, &column});
  const auto reasons = text_reasons(columns);
  BOOST_REQUIRE(reasons.size() == 6u);
  BOOST_TEST(reasons[5] == "So it is with more of the columns: 4.");
}

BOOST_AUTO_TEST_CASE(what_is_text_has_no_odd_cell) {
  std::string text = "name,code,half,few,null,zip\n";
  for (int i = 0; i < 400; ++i) {
    text += "name " + std::to_string(i) + ",A" + std::to_string(i) + "," + (i % 2 ? day(i) : "none") + "," +
            (i < 4    ? day(i)
             : i == 4 ? "x"
                      : "") +
            "," + (i % 30 ? day(i) : "n/a") + "," + (i == 200 ? "01234" : std::to_string(10000 + i)) + "\n";
  }
  const TableReport report = scan(text);
  for (const ColumnReport& column : report.columns) BOOST_TEST(!column.odd.has_value(), column.shown_name);
  BOOST_TEST((report.columns[4].verdict.type.type == Type::date));
  BOOST_TEST(is_text(report.columns[5].verdict.type.type));  // a code with a zero in front is not odd
}

BOOST_AUTO_TEST_CASE(a_tenth_may_be_odd_and_one_of_six) {
  for (const int odd : {19, 20, 21}) {
    std::string text = "id,day\n";
    for (int i = 0; i < 200; ++i)
      text += std::to_string(i) + "," + (i % 9 == 5 && i / 9 < odd ? "?" : day(i)) + "\n";
    BOOST_TEST(scan(text).columns[1].odd.has_value() == (odd <= 20), odd);
  }
  for (const int records : {5, 6})
    BOOST_TEST(told(scan(column(records, [](int i) { return i == 2 ? "x" : day(i); }))).empty() ==
               (records == 5));
}

BOOST_AUTO_TEST_CASE(nothing_is_odd_where_nobody_asked_or_no_type_was_looked_for) {
  const std::string text = table(200, 20, "x");
  ScanOptions as_text = explaining(), given = explaining();
  as_text.types_as_text = true;
  given.given_types.resize(3);
  for (const ScanOptions& options : {as_text, given, ScanOptions{}})
    BOOST_TEST(!scan(text, options).columns[1].odd.has_value());
}

BOOST_AUTO_TEST_CASE(a_word_for_no_value_is_not_odd) {
  std::string text = table(200, 20, "x");
  ScanOptions words = explaining();
  words.null_words[1] = {"x"};
  BOOST_TEST((scan(text, words).columns[1].verdict.type.type == Type::date));
  text += "200;?;1,50\n201;01.01.2017;1,50\n";
  BOOST_REQUIRE(scan(text, words).columns[1].odd.has_value());
  BOOST_TEST(scan(text, words).columns[1].odd->text == "?");
}

BOOST_AUTO_TEST_CASE(days_and_months_that_cannot_be_told_apart_are_told_so) {
  const TableReport report =
      scan(column(100, [](int i) { return "0" + std::to_string(i % 9 + 1) + "/05/2017"; }));
  BOOST_TEST(!report.columns[1].odd.has_value());
  BOOST_TEST(told(report) ==
             "Column v holds dates, and nothing in the file decides which of their parts is day, month or "
             "year, so it "
             "stays text. Load it again with the date_format that is right.");
}

BOOST_AUTO_TEST_CASE(a_cell_is_shown_in_part_and_on_one_line) {
  std::string euros;
  for (int i = 0; i < 40; ++i) euros += "€";
  BOOST_REQUIRE(scan(table(100, 50, euros)).columns[1].odd.has_value());
  BOOST_TEST(scan(table(100, 50, euros)).columns[1].odd->text == euros.substr(0, 39) + "…");
  BOOST_REQUIRE(scan(table(100, 50, "\"a\nb\tc\"")).columns[1].odd.has_value());
  BOOST_TEST(scan(table(100, 50, "\"a\nb\tc\"")).columns[1].odd->text == "a b c");
}

// However many cells are odd, and wherever.
BOOST_AUTO_TEST_CASE(what_is_read_once_more_is_bounded) {
  constexpr int kColumns = 300, kRows = 1200;
  std::string text;
  for (int column = 0; column < kColumns; ++column) text += (column ? ",c" : "c") + std::to_string(column);
  text += "\n";
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column)
      text += std::string(column ? "," : "") + (row == 100 + 3 * column ? "x" : "1234567890123");
    text += "\n";
  }
  text.append(12 << 20, '\n');  // no rows
  const auto bytes_read = [&](bool explain) {
    CountedSource source{text};
    ScanOptions options;
    options.explain_text = explain;
    options.block_bytes = 64u << 10;
    BOOST_TEST(detect_table(source, options)->columns[7].odd.has_value() == explain);
    return source.bytes;
  };
  const std::uint64_t without = bytes_read(false);
  BOOST_TEST(bytes_read(true) - without <= 9u * (9u << 20));
}

BOOST_AUTO_TEST_SUITE_END()
