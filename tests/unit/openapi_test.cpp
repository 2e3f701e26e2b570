// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cctype>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "fcgi-app/operation/openapi.hpp"

using namespace sluice;
using namespace sluice::fcgi;

namespace {

/// "GET /jobs ?cursor ?kind ?limit": the parameters of the query in the order of their names.
std::string line(std::string method, const std::string& pattern, const std::set<std::string>& query) {
  std::transform(method.begin(), method.end(), method.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::string out = method + " " + pattern;
  for (const std::string& name : query) out += " ?" + name;
  return out;
}

std::set<std::string> query_of(const Json& document, const Json& operation) {
  std::set<std::string> names;
  const Json* parameters = operation.find("parameters");
  if (parameters == nullptr) return names;
  for (const Json& given : parameters->items()) {
    const Json* parameter = &given;
    if (const Json* reference = given.find("$ref")) {
      const std::string& text = reference->string();
      parameter = &document.at("components").at("parameters").at(text.substr(text.rfind('/') + 1));
    }
    if (parameter->at("in").string() == "query") names.insert(parameter->at("name").string());
  }
  return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(every_route_is_described_with_what_its_query_takes_and_nothing_else) {
  std::set<std::string> wanted, described;
  const Json document = operation::openapi_document("1.2.3");
  for (const auto& [path, item] : document.at("paths").members()) {
    std::string pattern = path;
    // OpenAPI wants a name of its own for each parameter
    if (const auto at = pattern.find("{uid2}"); at != std::string::npos) pattern.replace(at, 6, "{uid}");
    for (const auto& [method, operation] : item.members())
      if (method != "parameters") described.insert(line(method, pattern, query_of(document, operation)));
  }
  for (const Route& route : routes()) {
    std::istringstream words{route.query == kAnyParameters ? "" : std::string(route.query)};
    const std::set<std::string> query{std::istream_iterator<std::string>{words},
                                      std::istream_iterator<std::string>{}};
    wanted.insert(line(std::string(name_of(route.method)), std::string(route.pattern), query));
  }
  BOOST_TEST(wanted == described, boost::test_tools::per_element());
  BOOST_TEST(document.at("info").at("version").string() == "1.2.3");
}

BOOST_AUTO_TEST_SUITE_END()
