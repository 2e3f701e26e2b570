// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <string>

#include "core/db/cell_filter.hpp"
#include "tests/unit/error_code.hpp"

using namespace sluice;
using namespace sluice::db;

namespace {

csv::ColumnType type_of(const char* text) {
  return *csv::decode_column_type(text);
}

std::string sql(const char* type, std::optional<std::string_view> least,
                std::optional<std::string_view> greatest) {
  return CellFilter::range_of(0, type_of(type), least, greatest).sql("`c1`");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cell_filter)

BOOST_AUTO_TEST_CASE(bounds_become_literals_of_their_type) {
  BOOST_TEST(sql("t=int", "-5", "7.5") == "`c1` IS NOT NULL AND `c1` >= -5 AND `c1` <= 7.5");
  BOOST_TEST(sql("t=decimal p=8 s=2 dec=,", "2,5", {}) == "`c1` IS NOT NULL AND `c1` >= 2.50");
  BOOST_TEST(sql("t=bool yes=ja no=nein", "ja", "true") == "`c1` IS NOT NULL AND `c1` >= 1 AND `c1` <= 1");
  BOOST_TEST(sql("t=date date=%25d.%25m.%25Y", "2017-03-01", "31.03.2017") ==
             "`c1` IS NOT NULL AND `c1` >= '2017-03-01' AND `c1` <= '2017-03-31'");
  BOOST_TEST(sql("t=datetime date=%25Y-%25m-%25d%20%25H:%25M", "2017-03-01", "2017-03-01") ==
             "`c1` IS NOT NULL AND `c1` >= '2017-03-01 00:00:00' AND `c1` <= '2017-03-01 23:59:59.999999'");
  BOOST_TEST(sql("t=varchar n=9", "a'\\", {}) == "`c1` IS NOT NULL AND BINARY `c1` >= x'61275C'");
  BOOST_TEST(CellFilter::null_in(3).sql("`c4`") == "`c4` IS NULL");
}

BOOST_AUTO_TEST_CASE(what_is_no_value_of_the_type_is_refused) {
  const char* const wrong[][2] = {
      {"t=int", "x"},      {"t=int", "1 OR 1=1"},      {"t=double", "nan"},
      {"t=double", "inf"}, {"t=bool yes=y no=n", "2"}, {"t=date date=%25Y-%25m-%25d", "2017-02-30"},
      {"t=int", ""}};
  for (const auto& [type, text] : wrong)
    BOOST_TEST(test::code_of([&] { sql(type, text, {}); }) == "dataset.filter", type << " " << text);
}

BOOST_AUTO_TEST_CASE(by_hand_it_admits_the_same) {
  const auto numbers = CellFilter::range_of(0, type_of("t=decimal p=8 s=2"), "9", "10.5");
  BOOST_TEST(numbers.admits(csv::Decimal("10.50")));
  BOOST_TEST(!numbers.admits(csv::Decimal("10.51")));
  BOOST_TEST(!numbers.admits(csv::TypedValue{}));
  const auto text = CellFilter::range_of(0, type_of("t=varchar n=9"), "b", "b");
  BOOST_TEST(text.admits(std::string_view("b")));
  BOOST_TEST(!text.admits(std::string_view("b ")));
  BOOST_TEST(CellFilter::null_in(0).admits(csv::TypedValue{}));
  BOOST_TEST(!CellFilter::null_in(0).admits(std::int64_t{0}));
}

BOOST_AUTO_TEST_SUITE_END()
