// SPDX-License-Identifier: MIT
#include "fcgi-app/turnstile.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

using sluice::fcgi::Turnstile;
using Clock = std::chrono::steady_clock;

BOOST_AUTO_TEST_SUITE(turnstile)

BOOST_AUTO_TEST_CASE(more_than_its_places_are_a_crowd) {
  Turnstile turnstile(2);
  turnstile.enter();
  turnstile.enter();
  BOOST_TEST(!turnstile.is_crowded());
  turnstile.enter();
  BOOST_TEST(turnstile.is_crowded());
  turnstile.leave();
  BOOST_TEST(!turnstile.is_crowded());
}

BOOST_AUTO_TEST_CASE(nobody_is_held_up_for_ever) {
  constexpr std::chrono::milliseconds kLongest{30};
  Turnstile turnstile(1, kLongest);
  turnstile.enter();  // and is slow
  const auto begun = Clock::now();
  turnstile.wait();
  BOOST_TEST((Clock::now() - begun >= kLongest));
  turnstile.enter();
  BOOST_TEST(turnstile.is_crowded());
}

BOOST_AUTO_TEST_CASE(who_leaves_lets_the_next_one_in) {
  constexpr std::chrono::seconds kLongest{60};
  Turnstile turnstile(1, kLongest);
  turnstile.enter();
  const auto begun = Clock::now();
  std::atomic<bool> let_in{false};
  std::thread next([&] {
    turnstile.wait();
    let_in = true;
  });
  BOOST_TEST(!let_in);
  turnstile.leave();
  next.join();
  BOOST_TEST((Clock::now() - begun < kLongest / 2));
  turnstile.wait();  // a place is free: at once
  BOOST_TEST((Clock::now() - begun < kLongest / 2));
}

BOOST_AUTO_TEST_SUITE_END()
