// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "core/csv/distinct_sketch.hpp"
#include "core/csv/type_profile.hpp"

using namespace sluice::csv;

namespace {

ColumnVerdict verdict_of(const std::vector<std::string>& cells,
                         std::optional<std::vector<std::string>> words = {}) {
  std::vector<TypeProfile> profiles(1);
  if (words) profiles[0].take_null_words(*words);
  for (const std::string& cell : cells) profiles[0].add({cell, false});
  return std::move(decide(profiles)[0]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_column_stats)

BOOST_AUTO_TEST_CASE(a_sketch_tells_about_how_many_differ) {
  for (const std::size_t count : {0u, 1u, 7u, 60u, 1000u, 50'000u}) {
    DistinctSketch sketch;
    for (int times = 0; times < 2; ++times)
      for (std::size_t i = 0; i < count; ++i) sketch.add("value " + std::to_string(i));
    const double error = std::abs(static_cast<double>(sketch.estimate()) - static_cast<double>(count));
    BOOST_TEST(error <= 0.1 * static_cast<double>(count), count << " as " << sketch.estimate());
    const auto again = DistinctSketch::decoded(sketch.encoded());
    BOOST_TEST((again && again->estimate() == sketch.estimate()));
  }
  for (const char* wrong : {"0123", "~", "~00", "~0~0", "~@00"})
    BOOST_TEST(!DistinctSketch::decoded(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(a_sketch_of_few_texts_merges_both_ways_with_one_of_many) {
  DistinctSketch few, many, both;
  for (int i = 0; i < 2000; ++i) {
    if (i < 20) few.add(std::to_string(i));
    if (i >= 10) many.add(std::to_string(i));
    both.add(std::to_string(i));
  }
  BOOST_TEST(few.encoded().size() < 100u);
  DistinctSketch into_few = few, into_many = many;
  into_few.merge(many);
  into_many.merge(few);
  BOOST_TEST(into_few.encoded() == both.encoded());
  BOOST_TEST(into_many.encoded() == both.encoded());
}

BOOST_AUTO_TEST_CASE(sketches_of_halves_merge_into_that_of_the_whole) {
  DistinctSketch whole, first, second;
  for (int i = 0; i < 5000; ++i) {
    const std::string text = std::to_string(i % 3000);
    whole.add(text);
    (i < 2500 ? first : second).add(text);
  }
  second.merge(first);
  BOOST_TEST(second.encoded() == whole.encoded());
}

BOOST_AUTO_TEST_CASE(least_and_greatest_are_of_the_type) {
  const auto range = [](const std::vector<std::string>& cells) {
    const ColumnVerdict verdict = verdict_of(cells);
    return verdict.least_text.value_or("-") + " " + verdict.greatest_text.value_or("-");
  };
  BOOST_TEST(range({"9", "10", "-3", ""}) == "-3 10");
  BOOST_TEST(range({"9.5", "10", "-3.25"}) == "-3.25 10");
  BOOST_TEST(range({"1.234,50", "9,25", "12,00"}) == "9.25 1234.5");
  BOOST_TEST(range({"$72.00", "$9.50", "$1,000.00"}) == "9.5 1000");
  BOOST_TEST(range({"b", "NA", "a9", "a10"}) == "NA b");
  BOOST_TEST(range({"", ""}) == "- -");
  BOOST_TEST(verdict_of({"a", "b", "a", "", "NA"}).distinct.estimate() == 3u);
}

BOOST_AUTO_TEST_CASE(texts_that_begin_alike_are_told_apart) {
  const ColumnVerdict verdict =
      verdict_of({"customer 5", "customer 7", "customer 3", "customer", "custom", "d"});
  BOOST_TEST(verdict.least_text.value_or("") == "custom");
  BOOST_TEST(verdict.greatest_text.value_or("") == "d");
  const ColumnVerdict alike = verdict_of({"customer 5", "customer 7", "customer 3", "customer 4"});
  BOOST_TEST(alike.least_text.value_or("") == "customer 3");
  BOOST_TEST(alike.greatest_text.value_or("") == "customer 7");
}

BOOST_AUTO_TEST_CASE(a_word_for_truth_with_a_zero_byte_is_another_text) {
  BOOST_TEST((verdict_of({"yes", "no"}).type.type == Type::boolean));
  BOOST_TEST((verdict_of({"yes", "no", std::string("no\0", 3)}).type.type == Type::varchar));
}

BOOST_AUTO_TEST_CASE(words_for_null_that_somebody_chose_count_in_any_column) {
  const ColumnVerdict number = verdict_of({"1", "none", "?", "none"}, {{"none", "?"}});
  BOOST_TEST((number.type.type == Type::integer));
  BOOST_TEST(number.nulls == 3u);
  BOOST_TEST(number.type.null_form.word == "none");
  const ColumnVerdict text = verdict_of({"a", "none", ""}, {{"none"}});
  BOOST_TEST(is_text(text.type.type));
  BOOST_TEST(text.nulls == 2u);
  BOOST_TEST(is_null(parse_cell(text.type, {"none", false}).value));
  BOOST_TEST((decode_column_type(encode(text.type)) == text.type));
  BOOST_TEST(is_text(verdict_of({"1", "NA"}, std::vector<std::string>{}).type.type));  // none at all
}

BOOST_AUTO_TEST_CASE(a_time_has_one_fraction_only) {  // found by the fuzzer
  BOOST_TEST(is_text(verdict_of({"0:59:59.9.125"}).type.type));
  BOOST_TEST((verdict_of({"0:59:59.125"}).type.type == Type::time));
}

BOOST_AUTO_TEST_SUITE_END()
