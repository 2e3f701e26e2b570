// SPDX-License-Identifier: MIT
// What people wish of a running job: whole runners with a scripted kind, against a real MariaDB and Redis.
#include <boost/test/unit_test.hpp>

#include <thread>

#include "tests/integration/job_fixture.hpp"

using namespace sluice;
using namespace std::chrono_literals;
using jobs::Attempt;
using test::BusyWork;
using test::reached;
using test::Workshop;

namespace {

/// Once the work stands `inside`, the wish is asked and its state is there long before the work would end.
void expect_obeyed(Workshop& shop, const db::JobRef& job, const std::atomic<bool>& inside, db::Wish wish,
                   const std::string& state) {
  BOOST_REQUIRE(reached([&] { return inside.load(); }));
  const auto asked = BootClock::now();
  shop.ask(job, wish);
  BOOST_TEST(shop.ends_as(job, state));
  BOOST_TEST((BootClock::now() - asked < 10s));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_wishes)

BOOST_AUTO_TEST_CASE(pauses_and_goes_on_where_it_stood) {
  Workshop shop;
  shop.script->step_ms = 20;
  shop.start();
  const auto job = shop.submit();
  BOOST_REQUIRE(reached([&] { return shop.effects(job) >= 2; }));
  BOOST_TEST((shop.ask(job, db::Wish::pause).outcome == job::WishOutcome::set_want));
  BOOST_TEST(shop.ends_as(job, "paused"));
  const auto at_pause = shop.effects(job);
  BOOST_TEST(at_pause < 10u);
  BOOST_TEST((shop.ask(job, db::Wish::pause).outcome == job::WishOutcome::already));
  shop.ask(job, db::Wish::resume);
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
}

BOOST_AUTO_TEST_CASE(a_pause_taken_back_in_time_changes_nothing) {
  Workshop shop;
  shop.script->step_ms = 20;
  shop.start();
  const auto job = shop.submit();
  BOOST_REQUIRE(reached([&] { return shop.effects(job) >= 1; }));
  for (int i = 0; i < 5; ++i) {
    shop.ask(job, db::Wish::pause);
    shop.ask(job, db::Wish::resume);
  }
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
}

BOOST_AUTO_TEST_CASE(cancels_and_leaves_nothing) {
  Workshop shop;
  shop.script->step_ms = 20;
  shop.start();
  const auto job = shop.submit();
  BOOST_REQUIRE(reached([&] { return shop.effects(job) >= 2; }));
  shop.ask(job, db::Wish::cancel);
  BOOST_TEST(shop.ends_as(job, "cancelled"));
  BOOST_TEST(reached([&] { return shop.script->cleaned >= 1; }));
  BOOST_TEST(shop.effects(job) == 0u);
  shop.ask(job, db::Wish::retry);
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
  BOOST_TEST(shop.row(job.id).run_no == 2);
}

BOOST_AUTO_TEST_CASE(all_that_was_cancelled_is_cleaned_up_in_one_turn) {
  Workshop shop;
  shop.times.clean_up = 1h;  // no second turn
  for (int i = 0; i < 12; ++i) shop.submit();
  shop.connection.run("UPDATE jobs SET state = 'cancelled', cleanup_pending = 1, bell_at = NULL");
  shop.start();
  BOOST_TEST(reached([&] { return shop.script->cleaned == 12; }));
}

// The work does not look up, and no lease is renewed: who hears no signals looks for wishes.
BOOST_AUTO_TEST_CASE(a_cancel_is_seen_without_redis) {
  Workshop shop;
  shop.settings.redis_url = "unix://" + shop.folder.path() + "/nobody.sock";
  shop.times.renew = 1h;
  shop.times.poll = 100ms;
  BusyWork work(shop);
  shop.start();
  const auto job = shop.submit();
  BOOST_REQUIRE(reached([&] { return work.inside.load(); }));
  shop.wish(job, db::Wish::cancel);
  BOOST_TEST(shop.ends_as(job, "cancelled"));
  BOOST_TEST(shop.events(job.id).back() == "cancelled");  // not by a finder, when the lease had run out
  work.go_on = true;
}

BOOST_AUTO_TEST_CASE(a_cancel_races_the_end_and_is_kept) {
  Workshop shop;
  shop.script->steps = 1;
  shop.start("runner_00", 4);
  int cancelled = 0;
  for (int i = 0; i < 60; ++i) {
    const auto job = shop.submit();
    if (i % 3 == 0) reached([&] { return shop.state(job.id) != "queued"; });
    if (i % 3 == 1) reached([&] { return shop.effects(job) == 1; });
    const auto outcome = shop.ask(job, db::Wish::cancel).outcome;
    const bool promised = outcome != job::WishOutcome::impossible;
    BOOST_TEST(shop.ends_as(job, promised ? "cancelled" : "succeeded"));
    if (promised) ++cancelled;
  }
  BOOST_TEST(cancelled > 0);
}

BOOST_AUTO_TEST_CASE(a_hanging_statement_is_killed_by_a_cancel) {
  Workshop shop;
  std::atomic<bool> inside{false};
  shop.script->before = [&](Attempt& attempt, int step) {
    if (step != 1) return;
    inside = true;
    attempt.connection().select("SELECT SLEEP(30)");
    attempt.throw_if_stopped();
  };
  shop.start();
  const auto job = shop.submit();
  expect_obeyed(shop, job, inside, db::Wish::cancel, "cancelled");
}

BOOST_AUTO_TEST_CASE(a_statement_that_hangs_on_a_second_connection_is_killed_too) {
  Workshop shop;
  std::atomic<bool> inside{false};
  std::atomic<int> ended{0};
  const auto begun = BootClock::now();
  shop.script->before = [&](Attempt& attempt, int step) {
    if (step != 1) return;
    std::jthread second([&] {
      const db::ThreadScope thread;
      db::Connection connection(db::options_for(attempt.config(), attempt.config().db_runner));
      const jobs::WorksBeside beside(attempt, connection);
      inside = true;
      try {
        connection.select("SELECT SLEEP(30)");
      } catch (const db::DatabaseError&) {
      }
      ++ended;
    });
    second.join();
    attempt.throw_if_stopped();
  };
  shop.start();
  const auto job = shop.submit();
  expect_obeyed(shop, job, inside, db::Wish::cancel, "cancelled");
  BOOST_TEST(reached([&] { return ended == 1; }));
  BOOST_TEST((BootClock::now() - begun < 25s));  // not because it had slept its time
}

BOOST_AUTO_TEST_CASE(one_long_transaction_is_settled_from_outside) {
  Workshop shop;
  std::atomic<bool> inside{false};
  shop.script->before = [&](Attempt& attempt, int step) {
    if (step != 1) return;
    const jobs::Interruptible scope(attempt);
    db::Transaction transaction(attempt.connection());
    attempt.connection().execute("INSERT INTO sluice_data.test_effects(job_id, step) VALUES(?, 1000)",
                                 {attempt.job().id});
    inside = true;
    attempt.connection().select("SELECT SLEEP(30)");
    attempt.move_cursor(transaction, Json::object({{"done", 1000}}), {});
    transaction.commit();
  };
  shop.start();
  const auto job = shop.submit();
  expect_obeyed(shop, job, inside, db::Wish::pause, "paused");
  BOOST_TEST(reached([&] { return shop.effects(job) == 1; }));
  inside = false;
  shop.script->before = nullptr;
  shop.ask(job, db::Wish::resume);
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
}

BOOST_AUTO_TEST_CASE(a_cancel_does_not_wait_for_busy_work) {
  Workshop shop;
  BusyWork work(shop);
  shop.start();
  const auto job = shop.submit();
  BOOST_REQUIRE(reached([&] { return work.inside.load(); }));
  shop.ask(job, db::Wish::cancel);
  BOOST_TEST(shop.ends_as(job, "cancelled"));
  BOOST_TEST(!work.go_on);
  BOOST_TEST(shop.script->cleaned == 0);
  work.go_on = true;
  BOOST_TEST(reached([&] { return shop.script->cleaned == 1; }, 8s));  // not only after the 10 s
  BOOST_TEST(shop.effects(job) == 0u);
  shop.stop_all();
  BOOST_TEST(shop.counted(job::kFenced) == 0);
  BOOST_TEST(shop.counted(job::kCancel, "sum") > 0);
}

BOOST_AUTO_TEST_CASE(a_pause_does_not_wait_either_and_another_slot_goes_on) {
  Workshop shop;
  std::atomic<int> visits{0};
  std::atomic<bool> go_on{false};
  shop.script->before = [&](Attempt&, int step) {
    if (step == 2 && ++visits == 1) reached([&] { return go_on.load(); });
  };
  shop.start();
  const auto job = shop.submit();
  BOOST_REQUIRE(reached([&] { return visits == 1; }));
  shop.ask(job, db::Wish::pause);
  BOOST_TEST(shop.ends_as(job, "paused"));
  shop.ask(job, db::Wish::resume);
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  go_on = true;  // the first slot wakes up and changes nothing
  shop.stop_all();
  BOOST_TEST(shop.effects(job) == 10u);
  BOOST_TEST(shop.row(job.id).attempt == 0);
  BOOST_TEST(shop.counted(job::kPause, "sum") > 0);
}

BOOST_AUTO_TEST_SUITE_END()
