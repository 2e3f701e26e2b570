// SPDX-License-Identifier: MIT
#include "core/base/utf8.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace sluice;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_DATA_TEST_CASE(the_first_byte_that_is_not_ascii_is_found_wherever_it_stands,
                     boost::unit_test::data::xrange(40), at) {
  const auto place = static_cast<std::size_t>(at);
  std::string text(place, 'a');
  BOOST_TEST(ascii_prefix(text) == place);
  BOOST_TEST(is_ascii(text));
  for (const char* other : {"\x80", "\xFF", "\xC3\xA9"}) {
    const std::string longer = text + other + std::string(20, 'b');
    BOOST_TEST(ascii_prefix(longer) == place);
    BOOST_TEST(!is_ascii(longer));
    BOOST_TEST(is_utf8(longer) == (other[1] != '\0'));
  }
}

BOOST_AUTO_TEST_CASE(the_ends_of_each_length_are_characters) {
  const std::pair<std::string, char32_t> characters[] = {{"\0"s, 0},
                                                         {"\x7F", 0x7F},
                                                         {"\xC2\x80", 0x80},
                                                         {"\xDF\xBF", 0x7FF},
                                                         {"\xE0\xA0\x80", 0x800},
                                                         {"\xED\x9F\xBF", 0xD7FF},
                                                         {"\xEE\x80\x80", 0xE000},
                                                         {"\xEF\xBF\xBF", 0xFFFF},
                                                         {"\xF0\x90\x80\x80", 0x10000},
                                                         {"\xF4\x8F\xBF\xBF", 0x10FFFF}};
  for (const auto& [text, expected] : characters) {
    char32_t found = 0;
    BOOST_TEST(utf8_character(text + "z", found) == text.size());
    BOOST_TEST(static_cast<std::uint32_t>(found) == static_cast<std::uint32_t>(expected));
  }
}

BOOST_AUTO_TEST_CASE(what_rfc_3629_forbids_is_no_utf8) {
  for (const char* bad : {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF",  // overlong
                          "\xED\xA0\x80", "\xED\xBF\xBF",                              // surrogates
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",                      // above U+10FFFF
                          "\xC3", "\xE2\x82", "\xF0\x9F\x98",                          // cut off
                          "\x80", "\xBF", "\xC3z", "\xFE"}) {
    char32_t found = 0;
    BOOST_TEST(utf8_character(bad, found) == 0u);
    BOOST_TEST(!is_utf8("valid so far "s + bad));
  }
  char32_t found = 0;
  BOOST_TEST(utf8_character("", found) == 0u);
  BOOST_TEST(is_utf8(""));
}

BOOST_AUTO_TEST_CASE(the_first_characters_are_whole) {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
  for (const auto& [most, bytes] : {std::pair{0u, 0u}, {1u, 1u}, {2u, 3u}, {3u, 6u}, {4u, 10u}, {9u, 10u}})
    BOOST_TEST(first_characters(text, most) == text.substr(0, bytes));
}

BOOST_AUTO_TEST_SUITE_END()
