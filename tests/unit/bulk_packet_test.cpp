// SPDX-License-Identifier: MIT
// The bytes of a COM_STMT_BULK_EXECUTE, beside what the protocol's description says.
#include <boost/test/unit_test.hpp>

#include <string>

#include "core/db/bulk_packet.hpp"

using namespace std::string_view_literals;
using sluice::db::BulkInsert;
using sluice::db::BulkPacket;
using Native = BulkInsert::Native;

namespace {

/// Statement 0x04030201, flag 128: types follow, each with the flag "signed".
constexpr std::string_view kHead = "\x01\x02\x03\x04\x80\x00\x08\x00\xfe\x00"sv;

BulkPacket packet() {
  const Native columns[] = {Native::integer, Native::text};
  return {0x04030201, columns};
}

/// What one cell became.
template <typename T>
std::string written(const T& value) {
  BulkPacket all = packet();
  all.add(value);
  return std::string(all.bytes().substr(kHead.size()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bulk_packet)

BOOST_AUTO_TEST_CASE(begins_with_the_statement_and_the_types_of_its_parameters) {
  BOOST_TEST(packet().bytes() == kHead);
  const Native columns[] = {Native::real, Native::date, Native::datetime, Native::time};
  BOOST_TEST(BulkPacket(7, columns).bytes() == "\x07\x00\x00\x00\x80\x00\x05\x00\x0a\x00\x0c\x00\x0b\x00"sv);
}

BOOST_AUTO_TEST_CASE(numbers_are_little_endian_behind_their_indicator) {
  BOOST_TEST(written(std::int64_t{-2}) == "\x00\xfe\xff\xff\xff\xff\xff\xff\xff"sv);
  BOOST_TEST(written(INT64_MAX) == "\x00\xff\xff\xff\xff\xff\xff\xff\x7f"sv);
  BOOST_TEST(written(1.0) == "\x00\x00\x00\x00\x00\x00\x00\xf0\x3f"sv);
}

BOOST_AUTO_TEST_CASE(texts_have_their_length_in_front) {
  BOOST_TEST(written(""sv) == "\x00\x00"sv);
  BOOST_TEST(written("ab\0c"sv) ==
             "\x00\x04"
             "ab\0c"sv);
  const auto of = [](std::size_t length) { return written(std::string_view(std::string(length, 'x'))); };
  const auto with = [](std::string_view head, std::size_t length) {
    return std::string(head) + std::string(length, 'x');
  };
  BOOST_TEST(of(250) == with("\x00\xfa"sv, 250));
  BOOST_TEST(of(251) == with("\x00\xfc\xfb\x00"sv, 251));
  BOOST_TEST(of(65535) == with("\x00\xfc\xff\xff"sv, 65535));
  BOOST_TEST(of(65536) == with("\x00\xfd\x00\x00\x01"sv, 65536));
  BOOST_TEST((of(BulkInsert::kMaxRowBytes) == with("\x00\xfd\x00\x00\xe0"sv, BulkInsert::kMaxRowBytes)));
}

BOOST_AUTO_TEST_CASE(dates_and_times_have_as_many_bytes_as_they_need) {
  const sluice::csv::Date day{2017, 3, 31};
  BOOST_TEST(written(day) == "\x00\x04\xe1\x07\x03\x1f"sv);
  BOOST_TEST(written(sluice::csv::DateTime{day, {}}) == "\x00\x07\xe1\x07\x03\x1f\x00\x00\x00"sv);
  BOOST_TEST(written(sluice::csv::DateTime{day, {23, 59, 58, 1}}) ==
             "\x00\x0b\xe1\x07\x03\x1f\x17\x3b\x3a\x01\x00\x00\x00"sv);
  BOOST_TEST(written(sluice::csv::TimeOfDay{1, 2, 3, 0}) == "\x00\x08\x00\x00\x00\x00\x00\x01\x02\x03"sv);
  BOOST_TEST(written(sluice::csv::TimeOfDay{1, 2, 3, 999999}) ==
             "\x00\x0c\x00\x00\x00\x00\x00\x01\x02\x03\x3f\x42\x0f\x00"sv);
}

BOOST_AUTO_TEST_CASE(nothing_but_the_head_is_left_after_clear) {
  BulkPacket all = packet();
  const std::string big(12u << 20, 'x');
  for (int i = 0; i < 3; ++i) {
    all.add_null();
    all.add(i == 1 ? std::string_view(big) : "y"sv);
    all.end_row();
  }
  BOOST_TEST(all.rows() == 3u);
  BOOST_TEST(all.bytes().substr(kHead.size(), 4) == "\x01\x00\x01y"sv);
  all.clear();
  BOOST_TEST(all.rows() == 0u);
  BOOST_TEST(all.bytes() == kHead);
}

BOOST_AUTO_TEST_SUITE_END()
