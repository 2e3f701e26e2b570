// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include "core/job/progress.hpp"

using sluice::BootClock;
using sluice::job::RateMeter;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(job_progress)

BOOST_AUTO_TEST_CASE(no_rate_before_a_full_interval) {
  RateMeter meter;
  const BootClock::time_point start{};
  BOOST_TEST(!meter.update("load", 0, 0, start).records_per_second.has_value());
  BOOST_TEST(!meter.update("load", 1000, 10, start + 100ms).records_per_second.has_value());
}

BOOST_AUTO_TEST_CASE(a_steady_pace_is_its_rate) {
  RateMeter meter;
  BootClock::time_point now{};
  RateMeter::Rates rates;
  for (std::uint64_t second = 0; second <= 10; ++second, now += 1s)
    rates = meter.update("load", second * 500, second * 20, now);
  BOOST_TEST(rates.records_per_second.value() == 500.0, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(rates.bytes_per_second.value() == 20.0, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(follows_a_change_of_pace_and_forgets_another_phase) {
  RateMeter meter;
  BootClock::time_point now{};
  meter.update("load", 0, 0, now);
  meter.update("load", 1000, 0, now += 1s);
  const double slower = meter.update("load", 1100, 0, now += 1s).records_per_second.value();
  BOOST_TEST(slower < 1000.0);
  BOOST_TEST(slower > 100.0);
  BOOST_TEST(!meter.update("verify", 1100, 0, now += 1s).records_per_second.has_value());
}

BOOST_AUTO_TEST_CASE(counts_that_go_back_start_anew) {
  RateMeter meter;
  BootClock::time_point now{};
  meter.update("load", 500, 0, now);
  meter.update("load", 1000, 0, now += 1s);
  BOOST_TEST(!meter.update("load", 400, 0, now += 1s).records_per_second.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
