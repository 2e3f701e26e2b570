// SPDX-License-Identifier: MIT
#include "fcgi-app/turnstile.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <thread>

using sluice::fcgi::Turnstile;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(turnstile)

BOOST_AUTO_TEST_CASE(a_place_is_passed_on_unless_there_is_a_crowd) {
  Turnstile turnstile(1, 60s);
  Turnstile::Place first(turnstile);
  BOOST_TEST(first.pass_on());
  {
    Turnstile::Place second(turnstile);
    BOOST_TEST(!first.pass_on());
    BOOST_TEST(!second.pass_on());
  }
  BOOST_TEST(first.pass_on());
}

BOOST_AUTO_TEST_CASE(slow_ones_count_no_more) {
  constexpr auto kLongest = 30ms;
  Turnstile turnstile(1, kLongest);
  const auto begun = Clock::now();
  const Turnstile::Place slow(turnstile);
  turnstile.wait();
  BOOST_TEST((Clock::now() - begun >= kLongest));
  for (int i = 0; i < 1000; ++i) turnstile.wait();  // a wait for each would be half a minute
  BOOST_TEST((Clock::now() - begun < 15s));
  Turnstile::Place quick(turnstile);
  BOOST_TEST(quick.pass_on());
}

BOOST_AUTO_TEST_CASE(a_place_that_is_passed_on_is_a_young_one) {
  constexpr auto kLongest = 30ms;
  Turnstile turnstile(1, kLongest);
  Turnstile::Place place(turnstile);
  turnstile.wait();
  const auto begun = Clock::now();
  BOOST_TEST(place.pass_on());
  turnstile.wait();
  BOOST_TEST((Clock::now() - begun >= kLongest));
}

BOOST_AUTO_TEST_CASE(who_leaves_lets_the_next_one_in) {
  constexpr auto kLongest = 60s;
  Turnstile turnstile(1, kLongest);
  std::optional<Turnstile::Place> place(std::in_place, turnstile);
  const auto begun = Clock::now();
  std::thread next([&] { turnstile.wait(); });
  place.reset();
  next.join();
  turnstile.wait();
  BOOST_TEST((Clock::now() - begun < kLongest / 2));
}

BOOST_AUTO_TEST_CASE(without_a_limit_nobody_waits) {
  Turnstile turnstile(Turnstile::kUnlimited, 60s);
  const Turnstile::Place first(turnstile), second(turnstile);
  const auto begun = Clock::now();
  turnstile.wait();
  BOOST_TEST((Clock::now() - begun < 30s));
}

BOOST_AUTO_TEST_SUITE_END()
