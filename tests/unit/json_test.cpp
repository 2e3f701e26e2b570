// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include "core/base/error.hpp"
#include "core/base/json.hpp"

using sluice::Error;
using sluice::Json;
using sluice::parse_json;

BOOST_AUTO_TEST_SUITE(json)

namespace {
std::string code_of(std::string_view text, sluice::JsonLimits limits = {}) {
  try {
    parse_json(text, limits);
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}
}  // namespace

BOOST_AUTO_TEST_CASE(a_parsed_text_is_written_the_same) {
  const std::string text = R"({"a":1,"b":[true,null,-5,18446744073709551615,1.5,"x\u0000y"],"c":{}})";
  BOOST_TEST(parse_json(text).text() == text);
}

BOOST_AUTO_TEST_CASE(a_name_given_twice_is_refused) {
  BOOST_TEST(code_of(R"({"a":1,"a":2})") == "json.duplicate_member");
}
BOOST_AUTO_TEST_CASE(a_name_given_twice_is_refused_among_many) {
  std::string members;
  for (int n = 0; n < 40; ++n) members += "\"m" + std::to_string(n) + "\":{\"m0\":0},";
  BOOST_TEST(code_of("{" + members + "\"z\":0}") == "");
  for (const char* again : {"m0", "m15", "m16", "m17", "m39"})
    BOOST_TEST(code_of("{" + members + "\"" + again + "\":0}") == "json.duplicate_member", again);
}
BOOST_AUTO_TEST_CASE(an_object_of_values_that_hold_much) {
  const std::string name(40, 'n');
  Json inner = Json::object({{"list", Json::array({1, "two"})}});
  const Json outer = Json::object({{name, inner}, {"moved", std::move(inner)}, {"none", nullptr}});
  BOOST_TEST(outer.text() ==
             "{\"" + name + R"(":{"list":[1,"two"]},"moved":{"list":[1,"two"]},"none":null})");
  BOOST_TEST(Json::object().text() == "{}");
}
BOOST_AUTO_TEST_CASE(nul_in_a_name_is_refused) {
  BOOST_TEST(code_of("{\"a\\u0000\":1}") == "json.nul");
}
BOOST_AUTO_TEST_CASE(invalid_utf8_is_refused) {
  BOOST_TEST(code_of("\"\xff\"") == "json.encoding");
}
BOOST_AUTO_TEST_CASE(nan_is_refused) {
  BOOST_TEST(code_of("[NaN]") == "json.syntax");
}
BOOST_AUTO_TEST_CASE(a_second_value_is_refused) {
  BOOST_TEST(code_of("1 2") == "json.syntax");
}

BOOST_AUTO_TEST_CASE(a_million_levels_are_refused_not_walked) {
  BOOST_TEST(code_of(std::string(1000000, '['), {2000000, 32}) == "json.too_deep");
}

BOOST_AUTO_TEST_CASE(more_bytes_than_the_limit_are_refused) {
  BOOST_TEST(code_of("\"" + std::string(70000, 'x') + "\"") == "json.too_large");
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_mended_on_the_way_out) {
  BOOST_TEST(Json("a\xff\xe2\x82z").text() == "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\"");
}

BOOST_AUTO_TEST_CASE(set_replaces_a_member) {
  Json value = Json::object({{"a", 1}});
  value.set("a", 2).set("b", "x");
  BOOST_TEST(value.text() == R"({"a":2,"b":"x"})");
}

BOOST_AUTO_TEST_SUITE_END()
