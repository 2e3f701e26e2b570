// SPDX-License-Identifier: MIT
#include "core/base/fold.hpp"

#include <boost/test/unit_test.hpp>

using namespace sluice;

BOOST_AUTO_TEST_SUITE(fold)

BOOST_AUTO_TEST_CASE(a_name_is_shown_in_nfc_without_white_space_around) {
  BOOST_TEST(clean_name("  Cafe\xCC\x81 \t").value() == "Caf\xC3\xA9");
  BOOST_TEST(clean_name("\xC2\xA0Nord\xE3\x80\x80").value() == "Nord");
  BOOST_TEST(clean_name("Two  words").value() == "Two  words");
  BOOST_TEST(clean_name(" \n ").value().empty());
}

BOOST_AUTO_TEST_CASE(long_names_are_kept_whole) {
  const std::string name(300, 'X');
  BOOST_TEST(clean_name(" " + name + " ").value() == name);
  BOOST_TEST(name_key(" " + name) == std::string(300, 'x'));
}

BOOST_AUTO_TEST_CASE(bad_utf8_and_control_characters_are_no_name) {
  BOOST_TEST(!clean_name("a\xFF").has_value());
  BOOST_TEST(!clean_name("\xC0\xAF").has_value());
  BOOST_TEST(!clean_name("a\x01z").has_value());
  BOOST_TEST(!clean_name("a\nz").has_value());
}

BOOST_AUTO_TEST_CASE(names_that_differ_in_case_or_composition_have_one_key) {
  BOOST_TEST(name_key("STRASSE") == name_key("Stra\xC3\x9F"
                                             "e"));
  BOOST_TEST(name_key("CAFE\xCC\x81") == name_key("caf\xC3\xA9"));
  BOOST_TEST(name_key(" Blue \t Team ") == "blue team");
  BOOST_TEST(name_key("\xCE\xA3\xCE\x91\xCE\xA3") == name_key("\xCF\x83\xCE\xB1\xCF\x82"));  // final sigma
  BOOST_TEST(name_key("Red") != name_key("Reed"));
}

// ASCII goes a way of its own; between two letters beyond it the same text goes the way of all others.
BOOST_AUTO_TEST_CASE(ascii_is_treated_as_unicode_is) {
  const std::string beyond = "\xC3\xA9";
  for (int a = 0; a < 128; ++a) {
    for (int b = 0; b < 128; ++b) {
      const std::string text{static_cast<char>(a), 'Q', static_cast<char>(b), static_cast<char>(b)};
      const std::string here = "x" + text + "x", there = beyond + text + beyond;
      const std::string key = name_key(there);
      BOOST_TEST(name_key(here) == "x" + key.substr(2, key.size() - 4) + "x");
      const auto clean = clean_name(there);
      BOOST_TEST(clean_name(here).has_value() == clean.has_value());
      if (clean) BOOST_TEST(clean_name(here).value() == "x" + clean->substr(2, clean->size() - 4) + "x");
    }
  }
}

BOOST_AUTO_TEST_CASE(characters_are_counted_not_bytes) {
  BOOST_TEST(count_characters("na\xC3\xAFve") == 5U);
  BOOST_TEST(count_characters("\xF0\x9F\x9A\x80") == 1U);
  BOOST_TEST(count_characters("") == 0U);
}

BOOST_AUTO_TEST_CASE(edits_are_counted_up_to_a_limit) {
  BOOST_TEST(edit_distance("support", "suport", 2) == 1U);
  BOOST_TEST(edit_distance("sales", "slaes", 2) == 1U);
  BOOST_TEST(edit_distance("na\xC3\xAFve", "naive", 2) == 1U);
  BOOST_TEST(edit_distance("red", "blue", 2) == 3U);
  BOOST_TEST(edit_distance("", "ab", 2) == 2U);
  BOOST_TEST(edit_distance("same", "same", 0) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
