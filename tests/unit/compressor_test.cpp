// SPDX-License-Identifier: MIT
#include "core/base/compressor.hpp"

#include <zlib.h>
#include <zstd.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

using namespace sluice;

namespace {

std::string rows(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i)
    text += std::to_string(i) + ",name " + std::to_string(i * 7919 % 1000) + "\r\n";
  return text;
}

std::string member(Compression compression, const std::string& text) {
  Compressor compressor(compression);
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 1000) compressor.add(text.substr(at, 1000), out);
  compressor.end_member(out);
  return out;
}

std::string gunzip(std::string_view packed) {
  std::string text;
  std::vector<char> chunk(1 << 16);
  while (!packed.empty()) {
    z_stream stream{};
    BOOST_REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    int result = Z_OK;
    while (result != Z_STREAM_END) {
      stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
      stream.avail_out = static_cast<uInt>(chunk.size());
      result = inflate(&stream, Z_NO_FLUSH);
      BOOST_REQUIRE(result >= Z_OK);
      text.append(chunk.data(), chunk.size() - stream.avail_out);
    }
    packed.remove_prefix(packed.size() - stream.avail_in);
    inflateEnd(&stream);
  }
  return text;
}

std::string unzstd(std::string_view packed) {
  ZSTD_DCtx* context = ZSTD_createDCtx();
  std::string text;
  std::vector<char> chunk(1 << 16);
  ZSTD_inBuffer input{packed.data(), packed.size(), 0};
  while (input.pos < input.size) {
    ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
    BOOST_REQUIRE(!ZSTD_isError(ZSTD_decompressStream(context, &output, &input)));
    text.append(chunk.data(), output.pos);
  }
  ZSTD_freeDCtx(context);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compressor)

BOOST_AUTO_TEST_CASE(members_one_after_the_other_are_one_file) {
  const std::string first = rows(0, 5000), second = rows(5000, 9000);
  BOOST_TEST(gunzip(member(Compression::gzip, first) + member(Compression::gzip, second)) == first + second);
  BOOST_TEST(unzstd(member(Compression::zstd, first) + member(Compression::zstd, second)) == first + second);
  BOOST_TEST(member(Compression::none, first) == first);
}

// What a resumed export relies on.
BOOST_AUTO_TEST_CASE(a_member_depends_on_nothing_before_it) {
  for (const Compression compression : {Compression::gzip, Compression::zstd}) {
    Compressor compressor(compression);
    std::string first, second;
    compressor.add(rows(0, 3000), first);
    compressor.end_member(first);
    compressor.add(rows(3000, 6000), second);
    compressor.end_member(second);
    Compressor fresh(compression);
    std::string again;
    fresh.add(rows(3000, 6000), again);
    fresh.end_member(again);
    BOOST_TEST(again == second);
    BOOST_TEST(second.size() < rows(3000, 6000).size() / 2);
  }
}

BOOST_AUTO_TEST_CASE(a_member_that_got_nothing_writes_nothing) {
  for (const Compression compression : {Compression::none, Compression::gzip, Compression::zstd}) {
    Compressor compressor(compression);
    std::string out;
    compressor.add("", out);
    compressor.end_member(out);
    BOOST_TEST(out.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
