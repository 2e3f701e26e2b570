// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace sluice;
using namespace sluice::fcgi;

BOOST_AUTO_TEST_SUITE(routes_table)

namespace {

constexpr std::string_view kUid = "018f2c3a-7b1c-4d2e-8f00-0123456789ab";

Response none(Request&, const Actor&, Services&) {
  return Response(200);
}

constexpr Route kTable[] = {
    {Method::get, "/things", Policy::owner, none},
    {Method::post, "/things", Policy::owner, none},
    {Method::get, "/things/{uid}", Policy::owner, none},
    {Method::del, "/things/{uid}/parts/{uid}", Policy::owner, none},
    {Method::get, "/things/{uid}/file.csv", Policy::owner, none},
    {Method::head, "/only", Policy::open, none},
    {Method::get, "/things/{uid}/parts/{n}/top", Policy::owner, none},
};

std::string at(std::string_view rest) {
  return "/things/" + std::string(kUid) + std::string(rest);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_path_is_matched_as_a_whole) {
  BOOST_TEST(find_route(kTable, Method::get, "/things").route == &kTable[0]);
  BOOST_TEST(find_route(kTable, Method::post, "/things").route == &kTable[1]);
  BOOST_TEST(find_route(kTable, Method::get, at("")).route == &kTable[2]);
  BOOST_TEST(find_route(kTable, Method::get, at("/file.csv")).route == &kTable[4]);
  for (const std::string& path :
       {std::string("/"), std::string(""), std::string("/thing"), std::string("/things/"),
        std::string("//things"), std::string("/THINGS"), std::string("/thing%73"), at("/"), at("/file.csv/"),
        at("x"), std::string("/things/1")})
    BOOST_TEST(find_route(kTable, Method::get, path).allowed.empty(), path);
}

BOOST_AUTO_TEST_CASE(uids_are_taken_in_order) {
  const std::string second = "ffffffff-ffff-4fff-8fff-ffffffffffff";
  const RouteMatch match = find_route(kTable, Method::del, at("/parts/" + second));
  BOOST_REQUIRE(match.route == &kTable[3]);
  BOOST_REQUIRE(match.uids.size() == 2U);
  BOOST_TEST(match.uids[0].text() == kUid);
  BOOST_TEST(match.uids[1].text() == second);
}

BOOST_AUTO_TEST_CASE(a_number_has_one_spelling) {
  const RouteMatch match = find_route(kTable, Method::get, at("/parts/120/top"));
  BOOST_TEST(match.route == &kTable[6]);
  BOOST_TEST(match.uids.size() == 1U);
  for (const std::string_view number : {"0", "01", "", "-1", "+1", "1.0", "1x", "1/1", "1234567890"})
    BOOST_TEST(find_route(kTable, Method::get, at("/parts/" + std::string(number) + "/top")).allowed.empty(),
               number);
}

BOOST_AUTO_TEST_CASE(an_unknown_method_is_told_what_there_is) {
  const RouteMatch match = find_route(kTable, Method::put, "/things");
  BOOST_TEST(match.route == nullptr);
  const std::set<Method> allowed(match.allowed.begin(), match.allowed.end());
  BOOST_TEST((allowed == std::set{Method::get, Method::head, Method::post, Method::options}));
}

BOOST_AUTO_TEST_CASE(head_is_answered_by_get_unless_it_has_its_own) {
  BOOST_TEST(find_route(kTable, Method::head, "/things").route == &kTable[0]);
  BOOST_TEST(find_route(kTable, Method::head, "/only").route == &kTable[5]);
  BOOST_TEST(find_route(kTable, Method::get, "/only").route == nullptr);
}

BOOST_AUTO_TEST_CASE(the_real_table_has_each_address_once) {
  std::set<std::pair<Method, std::string_view>> seen;
  for (const Route& route : routes()) {
    BOOST_TEST(route.handler != nullptr);
    BOOST_TEST(route.pattern.starts_with('/'));
    BOOST_TEST(seen.emplace(route.method, route.pattern).second, route.pattern);
  }
  BOOST_TEST(seen.size() > 7U);
}

BOOST_AUTO_TEST_SUITE_END()
