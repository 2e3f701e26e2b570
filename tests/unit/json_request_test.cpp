// SPDX-License-Identifier: MIT
#include "fcgi-app/json_request.hpp"

#include <boost/test/unit_test.hpp>

#include "fcgi-app/error_response.hpp"
#include "tests/unit/error_code.hpp"

using namespace sluice;
using namespace sluice::fcgi;
using sluice::test::code_of;

BOOST_AUTO_TEST_SUITE(json_request)

namespace {

class Text : public BodyReader {
 public:
  explicit Text(std::string text) : text_(std::move(text)) {}
  std::size_t read(char* buffer, std::size_t capacity, End& end) override {
    const std::size_t n = text_.copy(buffer, capacity, at_);
    at_ += n;
    end = n == 0 ? End::complete : End::more;
    return n;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

/// Reads `text` as a JSON body and asks for a, b and c.
std::string problem_of(const std::string& text, const std::string& type = "application/json") {
  Text body(text);
  Request request;
  request.body = &body;
  if (!type.empty()) request.headers = {{"content-type", type}};
  return code_of([&] {
    JsonRequest in(request);
    in.value("a");
    in.value("b");
    in.value("c");
    in.finish();
  });
}

std::vector<Fault> faults_of(const Json& object, const std::function<void(JsonRequest&)>& ask) {
  JsonRequest in(object, "#");
  ask(in);
  try {
    in.finish();
  } catch (const RequestError& error) {
    return error.faults();
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_CASE(only_json_objects_are_read) {
  BOOST_TEST(problem_of("{}") == "");
  BOOST_TEST(problem_of(R"({"a":1})", "application/json; charset=utf-8") == "");
  BOOST_TEST(problem_of(R"({"a":1})", "APPLICATION/JSON") == "");
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
    BOOST_TEST(problem_of("{}", type) == "http.media_type", type);
  BOOST_TEST(problem_of("[]") == "request.members");
  BOOST_TEST(problem_of("null") == "request.members");
}

BOOST_AUTO_TEST_CASE(limits_of_the_reader) {  // security 54
  BOOST_TEST(problem_of("") == "json.syntax");
  BOOST_TEST(problem_of("{") == "json.syntax");
  BOOST_TEST(problem_of(R"({"a":NaN})") == "json.syntax");
  BOOST_TEST(problem_of(R"({"a":1,"a":2})") == "json.duplicate_member");
  BOOST_TEST(problem_of("{\"a\":\"\xff\"}") == "json.encoding");
  BOOST_TEST(problem_of(R"({"a\u0000":1})") == "json.nul");
  BOOST_TEST(problem_of("{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}") == "json.too_deep");
  BOOST_TEST(problem_of("{\"a\":\"" + std::string(70000, 'x') + "\"}") == "http.too_large");
  std::string many = "{";
  for (int i = 0; i < 5000; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  BOOST_TEST(problem_of(many + "\"a\":1}") == "request.members");
}

BOOST_AUTO_TEST_CASE(unknown_members_are_named) {
  const auto faults =
      faults_of(Json::object({{"a", 1}, {"x/y~z", 2}}), [](JsonRequest& in) { in.integer("a", 0, 9); });
  BOOST_REQUIRE(faults.size() == 1U);
  BOOST_TEST(faults[0].pointer == "#/x~1y~0z");
  BOOST_TEST(faults[0].code == "unknown");
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_at_once) {
  const auto faults =
      faults_of(Json::object({{"s", 1}, {"b", "yes"}, {"i", 10}, {"w", "maybe"}, {"l", Json::array({1})}}),
                [](JsonRequest& in) {
                  in.required_string("dataset");
                  in.string("s");
                  in.boolean("b");
                  in.integer("i", 0, 9);
                  in.one_of("w", {"keep", "escape"});
                  in.strings("l");
                });
  BOOST_REQUIRE(faults.size() == 6U);
  BOOST_TEST(faults[0].pointer == "#/dataset");
  BOOST_TEST(faults[0].code == "missing");
  BOOST_TEST(faults[3].code == "range");
  BOOST_TEST(faults[4].detail == "must be one of: keep, escape");
}

BOOST_AUTO_TEST_CASE(values_and_defaults) {
  JsonRequest in(Json::object({{"s", "text"},
                               {"b", true},
                               {"i", -3},
                               {"w", "escape"},
                               {"n", nullptr},
                               {"l", Json::array({"x", "y"})}}),
                 "#");
  BOOST_TEST(in.required_string("s") == "text");
  BOOST_TEST(in.boolean("b").value());
  BOOST_TEST(in.integer("i", -5, 5).value() == -3);
  BOOST_TEST(in.one_of("w", {"keep", "escape"}) == "escape");
  BOOST_TEST(in.one_of("absent", {"keep", "escape"}) == "keep");
  BOOST_TEST(!in.string("n").has_value());
  BOOST_TEST(in.strings("l").value().size() == 2U);
  in.finish();
}

BOOST_AUTO_TEST_CASE(huge_numbers_are_a_fault_not_a_defect) {
  for (const Json& number :
       {Json(std::uint64_t{18446744073709551615U}), Json(std::int64_t{-9223372036854775807}), Json(1.5)})
    BOOST_TEST(faults_of(Json::object({{"i", number}}), [](JsonRequest& in) {
                 in.integer("i", 0, 9);
               }).size() == 1U);
}

BOOST_AUTO_TEST_CASE(problems_carry_pointers_and_never_the_detail) {
  Request request;
  request.path = "/export";
  request.request_id = "r";
  const Response members = error_response(
      RequestError(Kind::invalid, "request.members", {{"#/from", "must be a date", "type"}}), request);
  BOOST_TEST(members.status == 422);
  BOOST_TEST(
      members.body.find(R"("errors":[{"pointer":"#/from","detail":"must be a date","code":"type"}])") !=
      std::string::npos);
  const Response internal =
      error_response(Error(Kind::internal, "db.statement", "SELECT secret", "advice of ours"), request);
  BOOST_TEST(internal.status == 500);
  BOOST_TEST(internal.body.find("secret") == std::string::npos);
  BOOST_TEST(internal.body.find("db.statement") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(kinds_have_statuses_where_codes_have_none) {
  const std::pair<Kind, int> expected[] = {
      {Kind::invalid, 422},  {Kind::unsupported, 415}, {Kind::forbidden, 403},    {Kind::not_found, 404},
      {Kind::gone, 410},     {Kind::conflict, 409},    {Kind::precondition, 412}, {Kind::too_large, 413},
      {Kind::too_many, 429}, {Kind::no_space, 507},    {Kind::unavailable, 503},  {Kind::internal, 500}};
  for (const auto& [kind, status] : expected) BOOST_TEST(status_of(Error(kind, "thing.new", "")) == status);
  BOOST_TEST(status_of(Error(Kind::invalid, "http.new", "")) == 400);
  BOOST_TEST(status_of(Error(Kind::conflict, "tus.checksum", "")) == 460);
}

BOOST_AUTO_TEST_SUITE_END()
