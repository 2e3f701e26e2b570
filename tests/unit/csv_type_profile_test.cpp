// SPDX-License-Identifier: MIT
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "core/csv/type_profile.hpp"

using namespace sluice::csv;
namespace data = boost::unit_test::data;

namespace {

using Cells = std::vector<std::string>;

TypeProfile profile_of(const Cells& cells) {
  TypeProfile profile;
  for (const std::string& cell : cells) profile.add({cell, false});
  return profile;
}

ColumnVerdict verdict_of(const Cells& cells) {
  std::vector<TypeProfile> profiles;
  profiles.push_back(profile_of(cells));
  return decide(profiles)[0];
}

std::string type_of(const ColumnVerdict& verdict) {
  const ColumnType& type = verdict.type;
  std::string text{to_string(type.type)};
  if (type.type == Type::decimal) {
    text += "(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
  }
  if (type.fraction > 0) text += "(" + std::to_string(type.fraction) + ")";
  return is_text(type.type) ? "text" : text;
}

struct Case {
  const char* type;
  Cells cells;
};

std::ostream& operator<<(std::ostream& out, const Case& item) {
  return out << item.type << " from " << item.cells.front();
}

const Case kCases[] = {
    {"int", {"1", "-5", "2147483647"}},
    {"bigint", {"1", "2147483648"}},
    {"bigint", {"1451606400123", "1451606400124"}},
    {"bigint", {"9223372036854775807", "-9223372036854775808"}},
    {"decimal(19,0)", {"9223372036854775808", "1"}},
    {"decimal(30,0)", {"123456789012345678901234567890"}},
    {"text", {"123456789012345678901234567890123456789"}},
    {"text", {"01730", "90210"}},
    {"int", {"0", "1", "1"}},
    {"decimal(3,2)", {"1.5", "2.25"}},
    {"decimal(6,2)", {"$1,234.50", "$7.00"}},
    {"decimal(6,2)", {"1.234,25", "1,50"}},
    {"decimal(2,1)", {"1,5", "2,5"}},
    {"text", {"1,234", "2,345"}},          // a thousand, or one and a bit?
    {"int", {"1,234", "2,345,678"}},       // proven by the second
    {"decimal(4,3)", {"1.234", "5.678"}},  // the plain reading needs no proof
    {"text", {"1.234,5", "1,234.5"}},      // mixed conventions
    {"text", {"$5", "€5"}},
    {"int", {"£1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}},
    {"text", {"1.5", "NaN"}},
    {"text", {"1.5", "inf"}},
    {"double", {"1e-05", "2.5e-07"}},
    {"double", {"1.50e+03", "2.25e-10"}},
    {"text", {"1e400"}},
    {"bool", {"true", "false", "true"}},
    {"bool", {"Yes", "No"}},
    {"text", {"yes", "false"}},
    {"text", {"y", "y"}},
    {"date", {"2017-02-28", "2016-02-29"}},
    {"text", {"2017-02-28", "2017-02-29"}},
    {"text", {"0000-00-00", "2017-01-01"}},
    {"date", {"13/02/2017", "01/02/2017"}},
    {"text", {"01/02/2017", "03/04/2017"}},
    {"text", {"13/02/2017", "02/13/2017"}},
    {"date", {"Jan 1 2000", "Feb 13 2017"}},
    {"datetime", {"10/16/17 22:59", "1/2/16 1:05"}},
    {"datetime", {"08:15:52 12 Feb 2020", "09:00:00 13 Feb 2020"}},
    {"datetime(6)", {"2020-01-01T00:00:00.123456", "2020-01-01T00:00:01.500000"}},
    {"datetime", {"2020-01-01 10:00:00", "2020-01-01 11:00:00"}},
    {"time", {"08:15", "23:59"}},
    {"text", {"16:9", "4:3"}},
    {"text", {"564-564-5644", "212-555-0100"}},
    {"int", {"2016", "2017"}},
    {"text", {"2017-01", "2017-02"}},
    {"int", {"1", "NA", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}},
    {"text", {"NULL", "Null"}},
    {"text", {" x ", "y"}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_type_profile)

BOOST_DATA_TEST_CASE(finds_the_type_from_all_cells, data::make(kCases), item) {
  BOOST_TEST(type_of(verdict_of(item.cells)) == item.type);
}

// Whatever was decided: every cell comes back from the rule or is marked for the side store.
BOOST_DATA_TEST_CASE(gives_every_cell_back, data::make(kCases), item) {
  const ColumnType type = verdict_of(item.cells).type;
  const auto stored = decode_column_type(encode(type));
  BOOST_REQUIRE(stored.has_value());
  BOOST_TEST((*stored == type), encode(type));
  for (const std::string& cell : item.cells) {
    const ParsedCell parsed = parse_cell(*stored, {cell, false});
    std::string written;
    render_cell(*stored, parsed.value, written);
    BOOST_TEST((parsed.status == CellStatus::exact || parsed.status == CellStatus::written_otherwise), cell);
    BOOST_TEST((parsed.status == CellStatus::exact) == (written == cell), cell << " / " << written);
  }
}

BOOST_DATA_TEST_CASE(two_halves_merge_into_the_whole, data::make(kCases), item) {
  for (std::size_t cut = 0; cut <= item.cells.size(); ++cut) {
    const auto middle = item.cells.begin() + static_cast<std::ptrdiff_t>(cut);
    std::vector<TypeProfile> profiles;
    profiles.push_back(profile_of({item.cells.begin(), middle}));
    profiles[0].merge(profile_of({middle, item.cells.end()}));
    BOOST_TEST(type_of(decide(profiles)[0]) == item.type, "cut at " << cut);
  }
}

BOOST_AUTO_TEST_CASE(a_late_outlier_counts) {
  Cells cells(30'000, "1");
  cells.push_back("1.7");
  BOOST_TEST(type_of(verdict_of(cells)) == "decimal(2,1)");
  cells.push_back("x");
  BOOST_TEST(type_of(verdict_of(cells)) == "text");
}

BOOST_AUTO_TEST_CASE(a_sibling_column_proves_the_order) {
  std::vector<TypeProfile> profiles;
  profiles.push_back(profile_of({"01/02/2017", "03/04/2017"}));
  profiles.push_back(profile_of({"13/02/2017", "01/01/2017"}));
  std::vector<ColumnVerdict> verdicts = decide(profiles);
  BOOST_TEST(type_of(verdicts[0]) == "date");
  BOOST_TEST(to_string(verdicts[0].order) == "dmy");
  profiles.push_back(profile_of({"02/13/2017", "01/01/2017"}));
  verdicts = decide(profiles);
  BOOST_TEST(type_of(verdicts[0]) == "text");
  BOOST_TEST(to_string(verdicts[0].order) == "ambiguous");
}

BOOST_AUTO_TEST_CASE(few_cells_written_otherwise_keep_the_type) {
  Cells cells(40, "$48.50");
  cells.insert(cells.end(), {"$72", "$0.9", " $5.00 "});
  const ColumnVerdict verdict = verdict_of(cells);
  BOOST_TEST(type_of(verdict) == "decimal(4,2)");
  BOOST_TEST(verdict.written_otherwise == 3u);
  BOOST_TEST((parse_cell(verdict.type, {"$72", false}).status == CellStatus::written_otherwise));
  std::string typed;
  render_typed(verdict.type, parse_cell(verdict.type, {"$72", false}).value, typed);
  BOOST_TEST(typed == "72.00");
}

BOOST_AUTO_TEST_CASE(quoted_and_bare_empty_stay_apart) {
  TypeProfile profile;
  for (int i = 0; i < 20; ++i) profile.add({"7", false});
  profile.add({"", false});
  profile.add({"", false});
  profile.add({"", true});
  std::vector<TypeProfile> profiles;
  profiles.push_back(std::move(profile));
  const ColumnType type = decide(profiles)[0].type;
  BOOST_TEST(to_string(type.type) == "int");
  BOOST_TEST((parse_cell(type, {"", false}).status == CellStatus::exact));
  BOOST_TEST((parse_cell(type, {"", true}).status == CellStatus::written_otherwise));
  std::string written;
  BOOST_TEST(!render_cell(type, {}, written));
}

BOOST_AUTO_TEST_CASE(a_given_type_refuses_what_it_cannot_hold) {
  ColumnType type;
  type.type = Type::integer;
  const auto status_of = [&](std::string_view cell) { return parse_cell(type, {cell, false}).status; };
  BOOST_TEST((status_of("x") == CellStatus::bad_type));
  BOOST_TEST((status_of("1.6") == CellStatus::bad_type));
  BOOST_TEST((status_of("2147483648") == CellStatus::out_of_range));
  BOOST_TEST((status_of("+5") == CellStatus::written_otherwise));
  type.type = Type::decimal;
  type.precision = 5;
  type.scale = 2;
  BOOST_TEST((status_of("1.234") == CellStatus::out_of_range));
  BOOST_TEST((status_of("1234.5") == CellStatus::out_of_range));
  type = {};
  type.type = Type::varchar;
  type.length = 3;
  BOOST_TEST((status_of("äöü") == CellStatus::exact));
  BOOST_TEST((status_of("abcd") == CellStatus::out_of_range));
}

BOOST_AUTO_TEST_CASE(a_stored_rule_that_makes_no_sense_is_refused) {
  for (const std::string_view rule :
       {"", "t=none", "t", "t=int x=1", "t=int pre=%2", "t=decimal p=2 s=5", "t=date",
        "t=date date=%25m/%25m/%25Y", "t=date date=%25Y-%25m-%25dT%25H:%25M", "t=time date=%25Y-%25m-%25d",
        "t=datetime date=%25Y-%25m-%25d", "t=date date=%25q", "t=int date=%25Y"}) {
    BOOST_TEST(!decode_column_type(rule).has_value(), rule);
  }
  BOOST_TEST(decode_column_type("t=date null=1 date=%25d/%25m/%25Y").has_value());
}

BOOST_AUTO_TEST_CASE(writes_typed_values_as_iso) {
  const ColumnVerdict verdict = verdict_of({"10/16/17 22:59", "1/2/16 1:05"});
  std::string typed;
  render_typed(verdict.type, parse_cell(verdict.type, {"1/2/16 1:05", false}).value, typed);
  BOOST_TEST(typed == "2016-01-02 01:05:00");
  BOOST_TEST(from_microseconds(*verdict.greatest).date.year == 2017);
}

BOOST_AUTO_TEST_SUITE_END()
