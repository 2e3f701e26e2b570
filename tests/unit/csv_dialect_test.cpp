// SPDX-License-Identifier: MIT
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include "core/csv/dialect.hpp"
#include "core/csv/names.hpp"

using namespace sluice::csv;
namespace data = boost::unit_test::data;

namespace {

DetectedDialect detect(std::string_view text, const DialectOverrides& overrides = {}) {
  MemorySource source{text};
  return detect_dialect(source, overrides);
}

struct Delimited {
  std::string delimiter;
};
std::ostream& operator<<(std::ostream& out, const Delimited& item) {
  return out << '<' << item.delimiter << '>';
}

const Delimited kDelimiters[] = {{","}, {";"},    {"\t"}, {"|"},  {" "},  {":"}, {"^"},
                                 {"~"}, {"\x01"}, {", "}, {"; "}, {"||"}, {"::"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_dialect)

BOOST_DATA_TEST_CASE(finds_the_delimiter, data::make(kDelimiters), item) {
  const std::string& d = item.delimiter;
  std::string text = "id" + d + "name" + d + "amount\n";
  for (int i = 1; i < 12; ++i) {
    text += std::to_string(i) + d + "\"Mr. Smith, the " + std::to_string(i) + "th; a: b|c\"" + d +
            std::to_string(i * 7) + ".5\n";
  }
  const DetectedDialect found = detect(text);
  BOOST_TEST(found.dialect.delimiter == d);
  BOOST_TEST(found.dialect.width == 3u);
  BOOST_TEST(found.dialect.header_rows == 1u);
  BOOST_TEST((decode_dialect(encode(found.dialect)) == found.dialect));
}

BOOST_AUTO_TEST_CASE(finds_quotes_escapes_and_record_ends) {
  BOOST_TEST(detect("a,b\n'x, y',1\n'it is, so',2\n'z',3\n").dialect.quote == '\'');
  BOOST_TEST(detect("a,b\n\"48\\\", wide\",1\n\"9\\\" and, so\",2\n\"z\",3\n").dialect.escape == '\\');
  BOOST_TEST(to_string(detect("a,b\r1,2\r3,4\r").dialect.record_end) == "cr");
  BOOST_TEST(to_string(detect("a,b\r\n1,2\r\n3,4\r\n").dialect.record_end) == "crlf");
  BOOST_TEST(to_string(detect("a,b\r1,2\n3,4\r5,6\n7,8\r9,0\n").dialect.record_end) == "mixed");
}

// A value with a decimal comma is two values as well; what the header says does not fade with their number.
BOOST_AUTO_TEST_CASE(two_columns_of_whole_numbers_are_two) {
  for (const int rows : {1, 1999, 2000, 5000, 200'000}) {
    std::string two = "id,x\n", one = "price\n";
    for (int i = 0; i < rows; ++i) {
      two += std::to_string(i) + "," + std::to_string(i % 100) + "\n";
      one += std::to_string(i) + "," + std::to_string(10 + i % 90) + "\n";
    }
    BOOST_TEST_CONTEXT(rows) {
      BOOST_TEST(detect(two).dialect.delimiter == ",");
      BOOST_TEST(detect(two).header.size() == 2u);
      BOOST_TEST(detect(one).dialect.width == 1u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_title_or_a_unit_above_two_columns_does_not_make_them_one) {
  const auto rows = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += std::to_string(i) + "," + std::to_string(i % 100) + "\n";
    return text;
  };
  for (const int count : {10, 5000}) {
    BOOST_TEST(detect(rows(count)).dialect.delimiter == ",", count);
    BOOST_TEST(detect("Readings\nid,x\n" + rows(count)).dialect.delimiter == ",", count);
    for (const char* between : {",", "mm", "mm,kg", "# measured in May", "-----", "-----,-----"})
      BOOST_TEST(detect(std::string("id,x\n") + between + "\n" + rows(count)).dialect.delimiter == ",",
                 count << " rows below " << between);
    BOOST_TEST(detect("Prices, in euros\nprice\n" + rows(count)).dialect.width == 1u, count);
  }
}

BOOST_AUTO_TEST_CASE(one_column_of_decimals_stays_one_below_values_with_words) {
  for (const int count : {5, 20, 300, 5000}) {
    std::string rows;
    for (int i = 0; i < count; ++i)
      rows += std::to_string(1 + i % 9) + "," + std::to_string(10 + i % 90) + "\n";
    for (const char* first : {"1,05 EUR", "1,00 EUR", "ca. 1,50"}) {
      const DetectedDialect found = detect(std::string("price\n") + first + "\n" + rows);
      BOOST_TEST(found.dialect.width == 1u, count << " rows below " << first);
      BOOST_TEST((found.header == std::vector<std::string>{"price"}), count << " rows below " << first);
    }
  }
}

// Two delimiters around nothing are no delimiter of two characters.
BOOST_AUTO_TEST_CASE(empty_columns_between_two_delimiters_stay_columns) {
  for (const int rows : {3, 20, 500}) {
    std::string empty = "a|b|c|d|e\n", headless, doubled = "a||b||c\n", wordy = "a||b||c\n";
    std::string times = "id::at::n\n", passwords;
    for (int i = 0; i < rows; ++i) {
      const std::string n = std::to_string(i);
      empty += n + "||x" + n + "||0.5\n";
      headless += n + "||x" + n + "|5||0.5\n";
      doubled += n + "||x" + n + "||0.5\n";
      wordy += n + "||" + (i == 1 ? "x|y" : "word") + "||0.5\n";
      times += n + "::10:30::5\n";
      passwords += "u" + n + ":*:1900" + n + ":0:99:7:::\n";
    }
    const auto read_as = [rows](const std::string& text, const std::string& delimiter, std::uint32_t width,
                                std::uint32_t header) {
      const DetectedDialect found = detect(text);
      BOOST_TEST(found.dialect.delimiter == delimiter, text.substr(0, 30) << " of " << rows << " rows");
      BOOST_TEST(found.dialect.width == width);
      BOOST_TEST(found.dialect.header_rows == header);
    };
    read_as(empty, "|", 5, 1);
    read_as(headless, "|", 6, 0);
    read_as(doubled, "||", 3, 1);
    read_as(wordy, "||", 3, 1);
    read_as(times, "::", 3, 1);
    read_as(passwords, ":", 9, 0);
  }
}

BOOST_AUTO_TEST_CASE(sentences_with_commas_are_one_column) {
  const DetectedDialect found =
      detect("remark\nword or or or\nword or or, and\nword, and\nword or or, and, and\nword or or or\n");
  BOOST_TEST(found.dialect.delimiter == "");
}

// What Excel writes and takes: the first line names the delimiter and is no record.
BOOST_AUTO_TEST_CASE(a_line_that_names_the_delimiter_is_no_record) {
  for (const char* text :
       {"sep=;\na;b\n1;2\n", "SEP=;\r\na;b\r\n1;2\r\n", "\"sep=;\"\na;b\n1;2\n", "sep=;;\na;b\n1;2\n",
        "\xEF\xBB\xBFsep=;\na;b\n1;2\n", "sep=;\ra;b\r1;2\r", "sep=;\na;b\n1,5;2,5\n2,5;3,5\n"}) {
    const DetectedDialect found = detect(text);
    BOOST_TEST(found.dialect.delimiter == ";", text);
    BOOST_TEST(found.dialect.preamble_lines == 1u, text);
    BOOST_TEST(found.dialect.header_rows == 1u, text);
    BOOST_TEST((found.header == std::vector<std::string>{"a", "b"}), text);
  }
  BOOST_TEST(detect("sep=\t\na\tb\n1\t2\n").dialect.delimiter == "\t");
  BOOST_TEST(detect("sep=\xC2\xA6\na\xC2\xA6"
                    "b\n1\xC2\xA6"
                    "2\n")
                 .dialect.delimiter == "\xC2\xA6");
  const DetectedDialect other = detect("sep=;\nReport of May\n\na;b;c\n1;2;3\n4;5;6\n");
  BOOST_TEST(other.dialect.preamble_lines == 3u);  // more may stand above the table
  // Only a hint: what the file does not have, and what a person says, goes before it.
  BOOST_TEST(detect("sep=|\na;b\n1;2\n3;4\n").dialect.delimiter == ";");
  const DetectedDialect given = detect("sep=;\na,b;c\n1,2;3\n", {.delimiter = ","});
  BOOST_TEST(given.dialect.delimiter == ",");
  BOOST_TEST(given.dialect.preamble_lines == 1u);
  BOOST_TEST(detect("sep=;\na;b\n", {.preamble_lines = 0}).dialect.preamble_lines == 0u);
  BOOST_TEST((detect("sep=;\n").content == Content::empty));
  BOOST_TEST((detect("sep=;\na;b\n").content == Content::header_only));
  for (const char* text :
       {"sep=\n1\n2\n", "sep=a b\n1\n2\n", "sepal;x\n1;2\n", "sep=\"\n1\n", "sep=;x\n1;2\n"})
    BOOST_TEST(detect(text).dialect.preamble_lines == 0u, text);
}

BOOST_AUTO_TEST_CASE(tells_header_from_data) {
  BOOST_TEST(detect("28/01/2018,00:00,2\n29/01/2018,00:15,0\n30/01/2018,00:30,1\n").dialect.header_rows ==
             0u);
  BOOST_TEST(detect("0.0,0.0\n0.0,1.0\n").dialect.header_rows == 0u);
  BOOST_TEST(detect("name,city\nAnn,Rome\nBob,Oslo\n").dialect.header_rows == 1u);
  BOOST_TEST(detect("region,2001,2002,2003\nnorth,5,6,7\nsouth,8,9,1\n").dialect.header_rows == 1u);
  BOOST_TEST(detect("a,b\na,b\n1,2\n3,4\n").dialect.header_rows == 2u);
}

// Numbers that count up may be names, and may be the first row of data.
BOOST_AUTO_TEST_CASE(a_first_row_of_one_two_three_is_data) {
  for (const char* text : {"1,2,3\n4,5,6\n7,8,9\n", "1,2,3\n4,11,25\n7,9,4\n", "1,2,3\n",
                           "10,20,30,40\n7,9,4,8\n", "north,1,2,3\nsouth,4,5,6\nwest,7,8,9\n",
                           "1000,1001,1002\n1,7,5\n", "2001,2002,2003\n2004,2005,2006\n"})
    BOOST_TEST(detect(text).dialect.header_rows == 0u, text);
  for (const char* text :
       {",1,2,3\nnorth,4,11,25\nsouth,7,9,4\n", "2001,2002,2003\n5,6,7\n9,4,8\n",
        "item,1,2,3\nfirst,4,11,25\nother,7,9,4\n", "region,2001,2002,2003\nnorth,5,6,7\n",
        "0,1,2\n2024-01-01,foo,1.5\n2024-01-02,bar,2.5\n", "0,1,2\nalice,bob,carol\ndave,erin,frank\n"})
    BOOST_TEST(detect(text).dialect.header_rows == 1u, text);
  // A header that lost a delimiter.
  for (const char* rows : {"1,2,3\n4,5,6\n7,8,9\n", "1,2,3\n4,11,25\n7,9,4\n"}) {
    const DetectedDialect found = detect("a,b\n" + std::string(rows));
    BOOST_TEST(found.dialect.header_rows == 1u);
    BOOST_TEST(found.dialect.preamble_lines == 0u);
    BOOST_TEST(found.header[0] == "a");
  }
}

BOOST_AUTO_TEST_CASE(joins_a_header_of_two_rows) {
  const DetectedDialect found = detect("control,,fire,\nX,Y,X,Y\n4.4,0.1,4.8,2.0\n4.6,1.0,5.1,3.0\n");
  BOOST_TEST(found.header == (std::vector<std::string>{"control X", "control Y", "fire X", "fire Y"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(skips_what_stands_above_the_table) {
  BOOST_TEST(detect("PREAMBLE,,\n,,\na,b,c\n1,2,3\n4,5,6\n").dialect.preamble_lines == 2u);
  BOOST_TEST(detect("# energy (MeV), n\n0.0, 0.0\n0.1, 0.0\n").header[0] == "# energy (MeV)");
  BOOST_TEST(detect("# made by X\na,b\n1,2\n# note\n3,4\n").dialect.comment == '#');
}

BOOST_AUTO_TEST_CASE(what_is_given_by_hand_is_kept) {
  DialectOverrides overrides;
  overrides.delimiter = ";";
  overrides.header_rows = 0;
  const DetectedDialect found = detect("a,b;c\n1,2;3\n", overrides);
  BOOST_TEST(found.dialect.delimiter == ";");
  BOOST_TEST(found.dialect.width == 2u);
  BOOST_TEST(found.header.empty());
}

BOOST_AUTO_TEST_CASE(recognises_utf16_with_and_without_mark) {
  std::string le, be;
  for (const char c : std::string{"id,n\n1,2\n3,4\n"}) {
    le += {c, '\0'};
    be += {'\0', c};
  }
  for (const std::string& text : {le, "\xFF\xFE" + le}) {
    BOOST_TEST(to_string(detect(text).dialect.encoding) == "utf-16le");
    BOOST_TEST(detect(text).header[0] == "id");
  }
  for (const std::string& text : {be, "\xFE\xFF" + be}) {
    BOOST_TEST(to_string(detect(text).dialect.encoding) == "utf-16be");
  }
}

BOOST_AUTO_TEST_CASE(hostile_quotes_take_linear_time) {
  std::string text;
  while (text.size() < (4 << 20)) text += "\"\",\"\",'\"\"',\n\"";
  const auto start = std::chrono::steady_clock::now();
  detect(text);
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds{5}));
}

BOOST_AUTO_TEST_CASE(shown_names_are_unlike) {
  const std::vector<std::string> names =
      shown_names({"a", "a", "A", "", "a_2", "select", " x ", "\xF0\x9F\x98\x80", "\xC2\xA0x\xEF\xBB\xBF"});
  BOOST_TEST(names == (std::vector<std::string>{"a", "a_3", "A_4", "column_4", "a_2", "select", "x",
                                                "\xF0\x9F\x98\x80", "x_2"}),
             boost::test_tools::per_element());
  BOOST_TEST(generated_names(2)[1] == "col_1");
}

BOOST_AUTO_TEST_CASE(an_empty_first_cell_does_not_make_two_columns_one) {
  for (const std::string_view text :
       {"day,n\n2018-01-01,3\n,4\n", "day,n\n,4\n2018-01-01,3\n", "day,n\n2018-01-01,3\n,4\n2019-01-01,5\n",
        "a,b\n,4\n", "a,b\n1,2\n,\n"}) {
    const DetectedDialect found = detect(text);
    BOOST_TEST(found.dialect.delimiter == ",", text);
    BOOST_TEST(found.dialect.width == 2u, text);
    BOOST_TEST(found.dialect.header_rows == 1u, text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
