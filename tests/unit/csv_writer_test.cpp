// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <vector>

#include "core/csv/layout.hpp"
#include "core/csv/reader.hpp"
#include "core/csv/writer.hpp"

using namespace sluice::csv;

namespace {

std::string write(const std::vector<Field>& fields, WriteOptions options = {}) {
  std::string out;
  Writer writer{out, std::move(options)};
  for (const Field& field : fields) {
    if (field.is_null()) {
      writer.null();
    } else {
      writer.field(field.text);
    }
  }
  writer.end_record();
  return out;
}

std::string random_text(std::mt19937& random) {
  static constexpr std::string_view kParts[] = {"a", "\"", ",", ";", "\n", "\r\n", "\r", " ",
                                                "'", "\\", "é", "=", "#",  "|",    "1"};
  std::string text;
  for (std::size_t n = random() % 8; n > 0; --n) text += kParts[random() % std::size(kParts)];
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_writer)

BOOST_AUTO_TEST_CASE(quotes_only_what_must_be) {
  BOOST_TEST(write({{"a"}, {"b c"}, {"x,y"}, {"say \"hi\""}, {"two\nlines"}}) ==
             "a,b c,\"x,y\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n");
  BOOST_TEST(write({{"a"}, {}, {"", true}}) == "a,,\"\"\r\n");
}

BOOST_AUTO_TEST_CASE(makes_formulas_harmless_but_not_numbers) {
  WriteOptions options;
  options.formulas = Formulas::escape;
  BOOST_TEST(write({{"=1+1"},
                    {"@x"},
                    {"\xEF\xBC\x9D"
                     "2"},
                    {"x"}},
                   options) ==
             "\"'=1+1\",\"'@x\",\"'\xEF\xBC\x9D"
             "2\",x\r\n");
  std::string out;
  Writer writer{out, options};
  writer.field("+5", true);
  for (const char* text : {"-5", "-1.234,50", "+5", "-", "-5+1", "-.5", "- 5"}) writer.field(text);
  writer.end_record();
  BOOST_TEST(out == "+5,-5,\"-1.234,50\",\"'+5\",\"'-\",\"'-5+1\",\"'-.5\",\"'- 5\"\r\n");
}

BOOST_AUTO_TEST_CASE(what_was_written_reads_the_same) {
  std::mt19937 random{7};
  for (const std::string delimiter : {",", ";", "\t", "||", ", "}) {
    for (int round = 0; round < 400; ++round) {
      const std::size_t width = 2 + random() % 4;
      std::string text;
      std::vector<std::vector<std::string>> rows(1 + random() % 4);
      std::vector<std::vector<bool>> nulls;
      WriteOptions options;
      options.delimiter = delimiter;
      Writer writer{text, options};
      for (auto& row : rows) {
        nulls.emplace_back();
        for (std::size_t i = 0; i < width; ++i) {
          row.push_back(random_text(random));
          nulls.back().push_back(i > 0 && row.back().empty() && random() % 2 == 0);
          if (nulls.back().back()) {
            writer.null();
          } else {
            writer.field(row.back());
          }
        }
        writer.end_record();
      }
      Dialect dialect;
      dialect.delimiter = delimiter;
      dialect.header_rows = 0;
      dialect.width = static_cast<std::uint32_t>(width);
      MemorySource source{text};
      Reader reader{source, dialect};
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const Record* record = reader.next();
        BOOST_REQUIRE(record);
        BOOST_REQUIRE_MESSAGE(record->kind == RecordKind::row && record->repair == Repair::none, text);
        for (std::size_t i = 0; i < width; ++i) {
          BOOST_TEST(record->fields[i].text == rows[r][i]);
          BOOST_TEST(record->fields[i].is_null() == nulls[r][i]);
        }
      }
      BOOST_TEST(!reader.next());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_packed_record_unpacks) {
  std::mt19937 random{11};
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> texts(1 + random() % 6);
    std::vector<Field> fields;
    for (std::string& text : texts) {
      text = random_text(random);
      fields.push_back({text, !text.empty() || random() % 2 == 0});
    }
    std::string packed, storage;
    pack_record(fields, packed);
    const std::vector<Field> found = unpack_record(packed, storage);
    BOOST_REQUIRE(found.size() == fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      BOOST_TEST(found[i].text == fields[i].text);
      BOOST_TEST(found[i].is_null() == fields[i].is_null());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
