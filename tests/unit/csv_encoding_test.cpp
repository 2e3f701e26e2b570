// SPDX-License-Identifier: MIT
#include "core/csv/encoding.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace sluice::csv;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(csv_encoding)

BOOST_AUTO_TEST_CASE(characters_and_bytes_that_are_none_are_counted) {
  const Utf8Counts counts = count_utf8("a\xC3\xA9\xE2\x82\xAC\xFF\xC3z\x80");
  BOOST_TEST(counts.multibyte == 2u);
  BOOST_TEST(counts.invalid == 3u);
}

BOOST_AUTO_TEST_CASE(a_character_that_is_cut_off_counts_as_nothing) {
  for (const char* character :
       {"\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    const std::string whole = character;
    for (std::size_t length = 1; length < whole.size(); ++length) {
      const Utf8Counts counts = count_utf8("a" + whole.substr(0, length));
      BOOST_TEST(counts.multibyte + counts.invalid == 0u);
    }
    BOOST_TEST(count_utf8("a" + whole).multibyte == 1u);
  }
}

BOOST_AUTO_TEST_CASE(what_no_byte_could_complete_is_not_cut_off) {
  for (const char* bad : {"\x80", "\xC0", "\xC1", "\xF5", "\xFF", "\xE0\x9F", "\xED\xA0", "\xF0\x8F",
                          "\xF4\x90", "\xE2\x82z"}) {
    BOOST_TEST(count_utf8("a"s + bad).invalid > 0u);
    BOOST_TEST(valid_utf8_prefix("a"s + bad) == 1u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
