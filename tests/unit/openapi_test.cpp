// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include "fcgi-app/operation/openapi.hpp"

using namespace sluice;
using namespace sluice::fcgi;

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(every_route_is_described_with_its_parameters) {
  const Route table[] = {{Method::get, "/things/{uid}/parts/{uid}", Policy::owner, nullptr},
                         {Method::del, "/things/{uid}/parts/{uid}", Policy::owner, nullptr},
                         {Method::post, "/things", Policy::owner, nullptr, "dry_run on_error"}};
  const Json document = operation::openapi_of(table, "1.2.3");
  BOOST_TEST(document.at("info").at("version").string() == "1.2.3");
  const Json& paths = document.at("paths");
  BOOST_TEST(paths.members().size() == 2u);
  const Json& parts = paths.at("/things/{uid}/parts/{uid2}");
  BOOST_TEST(parts.at("parameters").items().size() == 2u);
  BOOST_TEST(parts.find("get") != nullptr);
  BOOST_TEST(parts.find("delete") != nullptr);
  const Json& query = paths.at("/things").at("post").at("parameters");
  BOOST_TEST(query.items().size() == 2u);
  BOOST_TEST(query.items().at(1).at("name").string() == "on_error");
  BOOST_TEST(parts.at("get").find("parameters") == nullptr);
  BOOST_TEST(paths.at("/things").at("post").at("tags").items().at(0).string() == "things");
}

BOOST_AUTO_TEST_CASE(the_real_table_is_there) {
  const Json document = operation::openapi_of(routes(), "x");
  BOOST_TEST(document.at("paths").find("/jobs/{uid}/cancel") != nullptr);
  BOOST_TEST(document.at("paths").find("/livez") != nullptr);
  const Json& problem = document.at("components").at("schemas").at("Problem").at("properties");
  BOOST_TEST(problem.at("errors").at("items").at("properties").find("pointer") != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
