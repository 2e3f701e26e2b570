// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/integers.hpp"
#include "fcgi-app/query.hpp"
#include "tests/unit/error_code.hpp"

using namespace sluice;
using namespace sluice::fcgi;
using sluice::test::code_of;

BOOST_AUTO_TEST_SUITE(http_request)

namespace {

/// A body that comes in the given blocks.
class Blocks : public BodyReader {
 public:
  explicit Blocks(std::vector<std::string> blocks, End last = End::complete)
      : blocks_(std::move(blocks)), last_(last) {}
  std::size_t read(char* buffer, std::size_t capacity, End& end) override {
    if (next_ == blocks_.size()) {
      end = last_;
      return 0;
    }
    end = End::more;
    return blocks_[next_++].copy(buffer, capacity);
  }

 private:
  std::vector<std::string> blocks_;
  std::size_t next_ = 0;
  End last_;
};

Request with_query(std::string query) {
  Request request;
  request.query = std::move(query);
  return request;
}

Request with_header(std::string name, std::string value) {
  Request request;
  request.headers = {{std::move(name), std::move(value)}};
  return request;
}

std::string header_of(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "(none)";
}

}  // namespace

BOOST_AUTO_TEST_CASE(integers_are_plain_digits_that_fit) {
  BOOST_TEST(parse_integer("0").value() == 0U);
  BOOST_TEST(parse_integer("0000000000000000007").value() == 7U);
  BOOST_TEST(parse_integer("9223372036854775807").value() == 9223372036854775807ULL);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1e9", "0x5", "1.0", "9223372036854775808",
                           "00000000000000000001", "\u0661"})
    BOOST_TEST(!parse_integer(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_header_is_found_in_any_case_and_once) {
  Request request;
  request.headers = {{"upload-offset", "5"}, {"host", "a"}, {"host", "b"}};
  BOOST_TEST(request.header("Upload-Offset").value() == "5");
  BOOST_TEST(!request.header("Upload-Length").has_value());
  BOOST_TEST(code_of([&] { request.header("Host"); }) == "http.duplicate_header");
}

BOOST_AUTO_TEST_CASE(query_parameters_are_decoded) {
  const Request request = with_query("a=1&b=x%20y+z&c&d=%C3%A4&=e");
  BOOST_TEST(request.query_parameter("a").value() == "1");
  BOOST_TEST(request.query_parameter("b").value() == "x y z");
  BOOST_TEST(request.query_parameter("c").value() == "");
  BOOST_TEST(request.query_parameter("d").value() == "ä");
  BOOST_TEST(!request.query_parameter("f").has_value());
}

BOOST_AUTO_TEST_CASE(doubled_and_badly_coded_query_parameters_are_refused) {
  for (const char* query : {"a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%00", "%00=1"})
    BOOST_TEST(code_of([&] { with_query(query).query_parameter("a"); }) == "http.query", query);
}

BOOST_AUTO_TEST_CASE(a_small_body_is_read_once_and_kept) {
  Blocks blocks({"{\"a\"", ":1}"});
  Request request;
  request.body = &blocks;
  BOOST_TEST(request.small_body() == "{\"a\":1}");
  BOOST_TEST(request.small_body() == "{\"a\":1}");
}

BOOST_AUTO_TEST_CASE(a_long_or_cut_small_body_is_refused) {
  Blocks many(std::vector<std::string>(20, std::string(4096, 'x')));
  Request request;
  request.body = &many;
  BOOST_TEST(code_of([&] { request.small_body(); }) == "http.too_large");
  Blocks cut({"{"}, BodyReader::End::cut);
  request.body = &cut;
  BOOST_TEST(code_of([&] { request.small_body(); }) == "http.body_cut");
  request.content_length = 64 * 1024 + 1;
  BOOST_TEST(code_of([&] { request.small_body(); }) == "http.too_large");
}

BOOST_AUTO_TEST_CASE(an_etag_is_strong_and_matched_in_a_list) {
  const Json body = Json::object({{"a", 1}});
  const Response first = json_with_etag(Request{}, body, 2);
  BOOST_TEST(first.status == 200);
  BOOST_TEST(header_of(first, "Retry-After") == "2");
  BOOST_TEST(header_of(first, "Cache-Control") == "private, no-cache");
  const std::string tag = header_of(first, "ETag");
  for (const std::string& known : {tag, "W/" + tag, "\"x\", " + tag, tag + ",\"y\"", std::string("*")}) {
    const Response again = json_with_etag(with_header("if-none-match", known), body);
    BOOST_TEST(again.status == 304, known);
    BOOST_TEST(again.body.empty());
  }
  BOOST_TEST(json_with_etag(with_header("if-none-match", "\"x\""), body).status == 200);
  BOOST_TEST(json_with_etag(with_header("if-none-match", tag), Json::object({{"a", 2}})).status == 200);
}

BOOST_AUTO_TEST_CASE(a_cursor_comes_back_as_it_was_made) {
  for (const char* after : {"", "o17", "\xff\xfe", "c?&=+/"}) {
    const Page page = page_of(with_query("limit=7&cursor=" + make_cursor(page_of(Request{}), after)));
    BOOST_TEST(page.limit == 7U);
    BOOST_TEST(page.after.value() == after);
  }
  BOOST_TEST(page_of(Request{}).limit == 100U);
}

BOOST_AUTO_TEST_CASE(a_cursor_belongs_to_its_list_and_filters) {
  const auto asked = [](std::string path, std::string query) {
    Request request = with_query(std::move(query));
    request.path = std::move(path);
    return request;
  };
  const std::string cursor =
      "&cursor=" + make_cursor(page_of(asked("/jobs", "state=paused&kind=team&limit=3")), "17");
  for (const char* same :
       {"state=paused&kind=team", "kind=team&state=paused", "kind=t%65am&state=paused&limit=9"})
    BOOST_TEST(page_of(asked("/jobs", same + cursor)).after.value() == "17", same);
  for (const char* other :
       {"", "state=paused", "state=running&kind=team", "state=paused&kind=team&dataset=x"})
    BOOST_TEST(code_of([&] { page_of(asked("/jobs", other + cursor)); }) == "http.cursor", other);
  BOOST_TEST(code_of([&] { page_of(asked("/export", "state=paused&kind=team" + cursor)); }) == "http.cursor");
}

BOOST_AUTO_TEST_CASE(unknown_parameters_are_named) {
  for (const char* query : {"", "limit=1", "cursor=a&limit=2", "&limit=1&"})
    BOOST_TEST(code_of([&] { require_known_parameters(query, "limit cursor"); }) == "", query);
  for (const char* query : {"limits=1", "limit=1&stat=open", "limit%20cursor=1", "=1", "LIMIT=1", "%ff=1"}) {
    BOOST_TEST(code_of([&] { require_known_parameters(query, "limit cursor"); }) == "http.query", query);
    BOOST_TEST(code_of([&] { require_known_parameters(query, ""); }) == "http.query", query);
  }
}

BOOST_AUTO_TEST_CASE(forged_cursors_and_limits_are_refused) {
  for (const char* cursor : {"x", "bm9uZQ", "YzE6!", "%00", "YzE6YR"})
    BOOST_TEST(!code_of([&] { page_of(with_query("cursor=" + std::string(cursor))); }).empty(), cursor);
  for (const char* limit : {"0", "1001", "-1", "ten", ""})
    BOOST_TEST(code_of([&] { page_of(with_query("limit=" + std::string(limit))); }) == "http.limit", limit);
}

BOOST_AUTO_TEST_CASE(a_file_is_sent_by_nginx_under_a_clean_name) {
  const Response response =
      file_response("exports/ab.csv", "\"; x=\r\n<svg>\u202e.csv", "text/csv", sha256("abc"));
  BOOST_TEST(header_of(response, "X-Accel-Redirect") == "/_files/exports/ab.csv");
  BOOST_TEST(header_of(response, "Content-Disposition") ==
             "attachment; filename=\"_; x=__<svg>_.csv\"; filename*=UTF-8''%22%3b%20x%3d__%3csvg%3e_.csv");
  BOOST_TEST(header_of(response, "X-Content-Type-Options") == "nosniff");
  BOOST_TEST(header_of(response, "Repr-Digest") == "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:");
  BOOST_TEST(header_of(file_response("a", "umsätze.csv", "text/csv"), "Content-Disposition") ==
             "attachment; filename=\"ums_tze.csv\"; filename*=UTF-8''ums%c3%a4tze.csv");
  BOOST_TEST(header_of(file_response("a", "../..", "text/csv"), "Content-Disposition") ==
             "attachment; filename=\"_..\"; filename*=UTF-8''_..");
  BOOST_TEST(code_of([] { file_response("../etc/passwd", "a", "text/csv"); }) == "http.file_path");
  BOOST_TEST(code_of([] { file_response("/etc/passwd", "a", "text/csv"); }) == "http.file_path");
}

BOOST_AUTO_TEST_CASE(base64_is_strict) {
  BOOST_TEST(base64_decode("").value() == "");
  BOOST_TEST(base64_decode("YQ==").value() == "a");
  BOOST_TEST(base64_decode("YWI=").value() == "ab");
  BOOST_TEST(base64_decode("YWJj").value() == "abc");
  for (const char* text : {"YQ", "YQ=", "YQ===", "Y Q==", "YQ==\n", "YR==", "Y-==", "====", "=YQ="})
    BOOST_TEST(!base64_decode(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
