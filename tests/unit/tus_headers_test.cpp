// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/headers.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/digest.hpp"
#include "fcgi-app/tus/checksum.hpp"
#include "fcgi-app/tus/metadata.hpp"
#include "tests/unit/error_code.hpp"

using namespace sluice;
using namespace sluice::fcgi;
using sluice::test::code_of;

BOOST_AUTO_TEST_SUITE(tus_headers)

namespace {

Request with(std::initializer_list<std::pair<std::string, std::string>> headers) {
  Request request;
  request.headers = headers;
  return request;
}

constexpr const char* kA = "018f2c3a-7b1c-4d2e-8f00-0123456789ab";
constexpr const char* kB = "ffffffff-ffff-4fff-8fff-ffffffffffff";

std::string pair_of(std::string_view key, std::string_view value) {
  return std::string(key) + " " + base64_encode(value);
}

}  // namespace

BOOST_AUTO_TEST_CASE(version_and_type_are_exact) {
  BOOST_TEST(code_of([] { tus::require_version(with({{"tus-resumable", "1.0.0"}})); }) == "");
  BOOST_TEST(code_of([] { tus::require_version(with({{"tus-resumable", "1.0"}})); }) == "tus.version");
  BOOST_TEST(code_of([] { tus::require_version(with({})); }) == "tus.version");
  BOOST_TEST(code_of([] {
               tus::require_patch_content_type(with({{"content-type", "application/offset+octet-stream"}}));
             }) == "");
  BOOST_TEST(code_of([] {
               tus::require_patch_content_type(with({{"content-type", "text/csv"}}));
             }) == "tus.content_type");
}

BOOST_AUTO_TEST_CASE(a_length_is_given_or_deferred) {
  BOOST_TEST(tus::upload_length(with({{"upload-length", "0"}})).value() == 0U);
  BOOST_TEST(!tus::upload_length(with({})).has_value());
  BOOST_TEST(code_of([] { tus::upload_length(with({{"upload-length", "-1"}})); }) == "tus.length");
  BOOST_TEST(tus::defers_length(with({{"upload-defer-length", "1"}})));
  BOOST_TEST(!tus::defers_length(with({})));
  BOOST_TEST(code_of([] { tus::defers_length(with({{"upload-defer-length", "2"}})); }) == "tus.length");
  BOOST_TEST(code_of([] {
               tus::defers_length(with({{"upload-defer-length", "1"}, {"upload-length", "4"}}));
             }) == "tus.length");
}

BOOST_AUTO_TEST_CASE(concat_lists_name_uploads_of_ours) {
  const std::string list =
      std::string("final;/upload/") + kA + " https://host.example/upload/" + kB + " /upload/" + kA;
  const auto concat = tus::upload_concat(with({{"upload-concat", list}}));
  BOOST_TEST((concat.what == db::Concat::final));
  BOOST_REQUIRE(concat.parts.size() == 3U);
  BOOST_TEST(concat.parts[1].text() == kB);
  BOOST_TEST((tus::upload_concat(with({{"upload-concat", "partial"}})).what == db::Concat::partial));
  for (const std::string& bad : {std::string("final"), std::string("final;"), std::string("partial;x"),
                                 std::string("final;/upload/../") + kA,
                                 std::string("final;/upload/") + kA + "/", std::string("final;https://host"),
                                 std::string("final;") + kA, std::string("final;/upload/") + kA + "," + kB})
    BOOST_TEST(code_of([&] { tus::upload_concat(with({{"upload-concat", bad}})); }) == "tus.concat", bad);
}

BOOST_AUTO_TEST_CASE(dates_are_imf_fixdates) {
  BOOST_TEST(tus::http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  BOOST_TEST(tus::http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

BOOST_AUTO_TEST_CASE(checksums_of_each_algorithm) {
  const std::pair<const char*, const char*> right[] = {
      {"sha1", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="},
      {"sha256", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="},
      {"md5", "kAFQmDzST7DWlj99KOF/cg=="},
      {"crc32", "NSRBwg=="}};
  for (const auto& [name, digest] : right) {
    auto checksum = tus::Checksum::of(with({{"upload-checksum", std::string(name) + " " + digest}}));
    checksum->update("a");
    checksum->update("bc");
    BOOST_TEST(code_of([&] { checksum->require_match(); }) == "", name);
    auto other = tus::Checksum::of(with({{"upload-checksum", std::string(name) + " " + digest}}));
    other->update("abd");
    BOOST_TEST(code_of([&] { other->require_match(); }) == "tus.checksum", name);
  }
  BOOST_TEST(!tus::Checksum::of(with({})).has_value());
  for (const char* bad : {"sha1", "sha1 ", "SHA1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "sha1 YQ==", "sha512 YQ==",
                          "md5 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "sha1  qZk+NkcGgWq6PiVxeFDCbJzQ2J0="})
    BOOST_TEST(code_of([&] {
                 tus::Checksum::of(with({{"upload-checksum", bad}}));
               }) == "tus.checksum_header",
               bad);
}

BOOST_AUTO_TEST_CASE(metadata_keeps_any_bytes_and_reads_its_own_keys) {
  const auto metadata = tus::parse_metadata(
      pair_of("filename", "a ä.csv") + ", " + pair_of("odd", std::string("\xff\0", 2)) + ",flag," +
      pair_of("dataset", "Sales") + "," + pair_of("purpose", "team") + "," + pair_of("types", "text"));
  BOOST_REQUIRE(metadata.pairs.size() == 6U);
  BOOST_TEST(metadata.filename.value() == "a ä.csv");
  BOOST_TEST(metadata.pairs[1].second == std::string("\xff\0", 2));
  BOOST_TEST(metadata.pairs[2].second == "");
  BOOST_TEST((metadata.purpose == db::Purpose::team));
  BOOST_TEST(metadata.options.text() == R"({"dataset":"Sales","types":"text"})");
  BOOST_TEST(tus::parse_metadata("").pairs.empty());
}

BOOST_AUTO_TEST_CASE(long_names_are_cut_between_characters) {
  std::string name;
  for (int i = 0; i < 300; ++i) name += "ä";
  BOOST_TEST(tus::parse_metadata(pair_of("filename", name)).filename.value().size() == 510U);
}

BOOST_AUTO_TEST_CASE(bad_metadata_is_refused) {  // security 13
  for (const std::string& bad :
       {std::string("filename !"), std::string("filename YQ"), std::string(","), std::string("a,"),
        std::string("a,a"), pair_of("filename", "\xff"), pair_of("filename", std::string("a\0b", 3)),
        pair_of("dataset", "a\nb"), pair_of("filename", "\xed\xa0\x80"), pair_of("filename", "\xc1\x81"),
        std::string("\xc3\xa4 YQ=="), std::string(5000, 'a')})
    BOOST_TEST(code_of([&] { tus::parse_metadata(bad); }) == "tus.metadata", bad);
  for (const std::string& bad : {pair_of("mode", "replace"), pair_of("load", ""), pair_of("types", "int"),
                                 pair_of("purpose", "x"), pair_of("dataset", "")})
    BOOST_TEST(code_of([&] { tus::parse_metadata(bad); }) == "upload.options", bad);
}

BOOST_AUTO_TEST_SUITE_END()
