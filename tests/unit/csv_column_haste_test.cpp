// SPDX-License-Identifier: MIT
// The commonest dates and numbers are read in haste once a column has shown that it holds them; its first
// such cell is not. So a column that is put together from parts of one cell each has read all of them the
// long way.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/csv/number_text.hpp"
#include "core/csv/type_profile.hpp"

using namespace sluice::csv;

namespace {

using Cells = std::vector<std::string>;

struct Seen {
  ColumnVerdict verdict;
  DateRange block;
};

Seen seen(TypeProfile profile) {
  const DateRange block = profile.take_block();
  std::vector<TypeProfile> profiles;
  profiles.push_back(std::move(profile));
  return {std::move(decide(profiles)[0]), block};
}

Seen in_one_go(const Cells& cells) {
  TypeProfile profile;
  for (const std::string& cell : cells) profile.add({cell, false});
  return seen(std::move(profile));
}

Seen cell_by_cell(const Cells& cells) {
  TypeProfile all;
  for (const std::string& cell : cells) {
    TypeProfile one;
    one.add({cell, false});
    all.merge(one);
  }
  return seen(std::move(all));
}

/// Two parts, the second of which goes on after the merge.
Seen in_parts(const Cells& cells) {
  TypeProfile first, second;
  const std::size_t half = cells.size() / 2;
  for (std::size_t i = 0; i < half; ++i) first.add({cells[i], false});
  for (std::size_t i = half; i + 1 < cells.size(); ++i) second.add({cells[i], false});
  first.merge(second);
  first.add({cells.back(), false});
  return seen(std::move(first));
}

void check_same(const Seen& haste, const Seen& long_way, const std::string& of) {
  BOOST_TEST_CONTEXT(of) {
    BOOST_TEST((haste.verdict.type == long_way.verdict.type));
    BOOST_TEST(haste.verdict.written_otherwise == long_way.verdict.written_otherwise);
    BOOST_TEST((haste.verdict.least == long_way.verdict.least));
    BOOST_TEST((haste.verdict.greatest == long_way.verdict.greatest));
    BOOST_TEST((haste.verdict.least_text == long_way.verdict.least_text));
    BOOST_TEST((haste.verdict.greatest_text == long_way.verdict.greatest_text));
    BOOST_TEST(haste.block.any == long_way.block.any);
    BOOST_TEST(haste.block.least[0] == long_way.block.least[0]);
    BOOST_TEST(haste.block.greatest[0] == long_way.block.greatest[0]);
  }
}

const Cells kColumns[] = {
    // Dates, some of them years of one digit, or written otherwise, or none at all
    {"2017-05-05", "2017-01-01", "2017-12-31", "2016-06-06", "2017-10-10"},
    {"0001-01-01", "9999-12-31", "0009-09-09", "2017-11-12"},
    {"2017-05-05", "2017-5-6", "2017-11-7", "2017-12-13"},
    {"2017-05-05", "2017-02-30", "2017-02-28"},
    {"2017-05-05", "2017-05-06 07:08:09"},
    // Times of one day: what is behind the date decides
    {"2017-05-05 12:00:00", "2017-05-05 11:59:59", "2017-05-05 12:00:01", "2017-05-05 12:01:00"},
    {"2017-05-05 00:00:00", "2017-05-05 23:59:59", "2017-05-05 09:10:11", "2017-05-04 23:59:59"},
    {"2017-05-05 10:11:12", "2017-05-05 10:11:12.5", "2017-05-05 10:11:13"},
    {"2017-05-05 10:11:12", "2017-05-05 24:00:00"},
    // Exponents, short and fixed, of both letters, and what only looks like one
    {"1e+05", "1.50e-07", "-2e+20", "3.25e-05", "1e-99"},
    {"5.644e-04", "8.714e-01", "-1.000e-05", "9.999e+02"},
    {"1.5E+10", "1.50E-10", "-2.25E+01", "1.5e+10"},
    {"1.5e+10", "1.5", "7", "+1.5e+10", " 1.5e+10", "0.5e+10", "1.5e+100"},
    {"1.5e+10", "1.5e+999"},
    {"1.23456789012345e+30", "1.234567890123456789e+30"},
    {"1.5e-02", "$1.5"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_column_haste)

BOOST_AUTO_TEST_CASE(haste_sees_what_the_long_way_sees) {
  for (const Cells& cells : kColumns) {
    check_same(in_one_go(cells), cell_by_cell(cells), "from " + cells[0] + " to " + cells.back());
    check_same(in_parts(cells), cell_by_cell(cells), "parts from " + cells[0] + " to " + cells.back());
  }
}

BOOST_AUTO_TEST_CASE(a_number_with_an_exponent_is_the_double_next_to_it) {
  std::minstd_rand dice(7);
  const auto upto = [&](int most) { return static_cast<int>(dice() % static_cast<unsigned>(most + 1)); };
  for (int i = 0; i < 20'000; ++i) {
    std::string text = upto(1) == 1 ? "-" : "";
    text += static_cast<char>('1' + upto(8));
    const int decimals = upto(14);
    if (decimals > 0) text += '.';
    for (int d = 0; d < decimals; ++d) text += static_cast<char>('0' + upto(9));
    text += upto(1) == 1 ? "e+" : "E-";
    text += static_cast<char>('0' + upto(9));
    text += static_cast<char>('1' + upto(8));
    const auto read = read_scientific(text);
    if (!read || value_of(*read, text) != std::strtod(text.c_str(), nullptr)) BOOST_ERROR(text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
