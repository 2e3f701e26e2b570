// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include "jobs/lease_watch.hpp"

using namespace std::chrono_literals;
using sluice::BootClock;
using sluice::db::SeenLease;
using sluice::jobs::LeaseWatch;

namespace {

SeenLease lease(std::uint64_t job, std::uint64_t epoch, std::uint64_t sequence) {
  return {job, {}, 1, epoch, sequence, 1, 1};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lease_watch)

BOOST_AUTO_TEST_CASE(a_lease_that_stands_still_is_dead_after_its_length) {
  LeaseWatch watch(6s, 1s);
  BootClock::time_point now{};
  for (int second = 0; second < 6; ++second, now += 1s) BOOST_TEST(watch.look({lease(1, 1, 1)}, now).empty());
  BOOST_TEST(watch.look({lease(1, 1, 1)}, now).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_renewal_or_a_new_epoch_counts_anew) {
  LeaseWatch watch(3s, 1s);
  BootClock::time_point now{};
  for (std::uint64_t turn = 0; turn < 20; ++turn, now += 1s)
    BOOST_TEST(watch.look({lease(1, turn / 4, turn / 2)}, now).empty());
}

BOOST_AUTO_TEST_CASE(a_watcher_that_was_late_counts_anew) {
  LeaseWatch watch(6s, 1s);
  BootClock::time_point now{};
  for (int second = 0; second < 6; ++second, now += 1s) watch.look({lease(1, 1, 1)}, now);
  now += 10s;  // MariaDB was away, or the watcher stopped
  BOOST_TEST(watch.look({lease(1, 1, 1)}, now).empty());
}

BOOST_AUTO_TEST_SUITE_END()
