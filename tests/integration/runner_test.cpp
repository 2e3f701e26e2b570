// SPDX-License-Identifier: MIT
// Whole runners with a scripted kind, against a real MariaDB and Redis.
#include <boost/test/unit_test.hpp>

#include <fcntl.h>

#include <thread>

#include "core/db/runner_table.hpp"
#include "tests/integration/job_fixture.hpp"
#include "tests/integration/wire.hpp"

using namespace sluice;
using namespace std::chrono_literals;
using jobs::Attempt;
using test::BusyWork;
using test::reached;
using test::Workshop;

namespace {

/// What the client sees when the connection is cut: CR_SERVER_LOST.
[[noreturn]] void lose_connection() {
  throw db::DatabaseError(2013, "lost (by the test)");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner)

BOOST_AUTO_TEST_CASE(works_on_a_job_from_the_ring_to_its_end) {
  Workshop shop;
  shop.start();
  const auto job = shop.submit();
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
  const auto row = shop.row(job.id);
  BOOST_TEST(row.result->at("steps").i64() == 10);
  BOOST_TEST(row.records_done == 10u);
  BOOST_TEST(row.attempt == 0);
  const std::vector<std::string> expected = {"queued", "started", "succeeded"};
  BOOST_TEST(shop.events(job.id) == expected, boost::test_tools::per_element());
  shop.stop_all();  // what is counted is stored then
  BOOST_TEST(shop.counted(job::kRecords) == 10);
  BOOST_TEST(shop.counted(job::kRun, "sum") > 0);
}

BOOST_AUTO_TEST_CASE(works_on_many_jobs_with_two_runners_each_once) {
  Workshop shop;
  shop.script->steps = 2;
  std::vector<db::JobRef> jobs;
  for (int i = 0; i < 30; ++i) jobs.push_back(shop.queue());
  shop.start("runner_00", 3);
  shop.start("runner_01", 3);
  for (const auto& job : jobs) BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.script->opened == 30);
}

BOOST_AUTO_TEST_CASE(leaves_no_ring_in_redis_that_was_heard_also_by_those_who_died) {
  Workshop shop;
  queue::Doorbell doorbell(shop.settings);
  {
    queue::BellListener dies(shop.settings, "dies");
    while (dies.wait(1, 1ms, -1).emptied) continue;
    for (int i = 0; i < 3; ++i) doorbell.ring(Uid::random());
    const auto heard = dies.wait(3, 1s, -1);
    BOOST_REQUIRE(heard.rings > 0);
    BOOST_TEST(!heard.away);
  }
  BOOST_TEST(doorbell.health().waiting > 0);
  shop.start();
  for (int i = 0; i < 5; ++i) BOOST_TEST(shop.ends_as(shop.submit(), "succeeded"));
  BOOST_TEST(reached([&] { return doorbell.health().answers && doorbell.health().waiting == 0; }));
}

BOOST_AUTO_TEST_CASE(tries_again_after_what_passes_by_itself) {
  Workshop shop;
  std::atomic<int> failures{0};
  shop.script->before = [&](Attempt&, int step) {
    if (step == 3 && failures++ < 2) throw Error(Kind::unavailable, "test.away", "not there yet");
  };
  shop.start();
  const auto job = shop.submit();
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
  BOOST_TEST(shop.row(job.id).attempt == 2);
  BOOST_TEST(!shop.row(job.id).error_code.has_value());
}

BOOST_AUTO_TEST_CASE(fails_when_the_attempts_are_used_up_and_can_be_retried) {
  Workshop shop;
  std::atomic<bool> away{true};
  shop.script->before = [&](Attempt&, int step) {
    if (step == 4 && away) throw Error(Kind::unavailable, "test.away", "never there");
  };
  shop.start();
  const auto job = shop.submit();
  BOOST_TEST(shop.ends_as(job, "failed"));
  BOOST_TEST(shop.row(job.id).error_code.value() == "test.away");
  BOOST_TEST(shop.effects(job) == 4u);
  away = false;
  shop.ask(job, db::Wish::retry);
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
}

BOOST_AUTO_TEST_CASE(a_wrong_file_fails_at_once_and_a_full_disk_waits) {
  Workshop shop;
  std::atomic<int> full{3};
  shop.script->before = [&](Attempt&, int step) {
    if (step == 2 && full-- > 0) throw Error(Kind::no_space, "job.disk_full", "no space");
    if (step == 5) throw Error(Kind::invalid, "test.wrong", "path /secret", "Mend the file.");
  };
  shop.start();
  const auto job = shop.submit();
  BOOST_TEST(shop.ends_as(job, "failed"));
  const auto row = shop.row(job.id);
  BOOST_TEST(row.error_code.value() == "test.wrong");
  BOOST_TEST(row.error_detail.value() == "Mend the file.");
  BOOST_TEST(row.attempt == 0);
  BOOST_TEST(shop.effects(job) == 5u);
}

BOOST_AUTO_TEST_CASE(a_killed_connection_costs_no_attempt_and_doubles_nothing) {
  Workshop shop;
  std::atomic<int> kills{0};
  shop.script->before = [&](Attempt& attempt, int step) {
    if (step % 3 != 1 || kills >= 3) return;
    ++kills;
    db::Connection other(db::options_for(test::config(), test::config().db_runner));  // only its own user may
    other.run("KILL " + std::to_string(attempt.connection().id()));
  };
  shop.start();
  const auto job = shop.submit();
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
  BOOST_TEST(shop.row(job.id).attempt == 0);
  BOOST_TEST(shop.row(job.id).crash_count == 0);
  BOOST_TEST(shop.row(job.id).epoch >= 4u);
}

// The commit went through, its answer did not: what is stored decides, so nothing is done twice.
BOOST_AUTO_TEST_CASE(a_lost_answer_to_a_commit_is_settled_by_what_was_stored) {
  Workshop shop;
  std::atomic<int> lost{0};
  shop.script->after = [&](Attempt&, int done) {
    if (done % 4 == 0 && lost++ < 2) lose_connection();
  };
  shop.start();
  const auto job = shop.submit();
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
  BOOST_TEST(shop.row(job.id).attempt == 0);
}

BOOST_AUTO_TEST_CASE(yields_when_it_is_stopped_and_another_goes_on) {
  Workshop shop;
  shop.script->step_ms = 20;
  shop.start("runner_00");
  const auto job = shop.submit();
  BOOST_REQUIRE(reached([&] { return shop.effects(job) >= 2; }));
  shop.stop_all();
  BOOST_TEST(shop.state(job.id) == "queued");
  BOOST_TEST(shop.row(job.id).attempt == 0);
  BOOST_TEST(shop.row(job.id).crash_count == 0);
  BOOST_TEST(shop.effects(job) < 10u);
  shop.script->step_ms = 0;
  shop.start("runner_01");
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
}

BOOST_AUTO_TEST_CASE(a_silent_holder_on_another_host_is_replaced_and_fenced) {
  Workshop shop;
  shop.times.lease = 1000ms;
  shop.times.reconcile = 100ms;
  const auto job = shop.queue();
  const auto dead = shop.claim(shop.holder("elsewhere")).value();
  shop.start();
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.row(job.id).crash_count == 1);
  BOOST_TEST(!shop.change([&](auto& t) { return db::checkpoint_job(t, test::lease_of(dead), "{}", {}); }));
  BOOST_TEST(shop.effects(job) == 10u);
  shop.stop_all();
  BOOST_TEST(shop.counted(job::kTakeOvers) == 1);
  BOOST_TEST(shop.counted(job::kRecover, "sum") > 0);
  BOOST_TEST(shop.counted(job::kDispatch, "sum") > 0);
}

BOOST_AUTO_TEST_CASE(a_free_lock_file_proves_a_death_at_once) {
  Workshop shop;
  shop.times.lease = 3600s;
  char host[65] = "";
  gethostname(host, sizeof host - 1);
  const auto job = shop.queue();
  BOOST_REQUIRE(shop.claim(shop.holder(host)).has_value());
  // The boot of holder() is invented, that is: the host was started anew since.
  shop.start();
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.row(job.id).crash_count == 0);
}

BOOST_AUTO_TEST_CASE(a_slot_takes_over_what_its_predecessor_left) {
  Workshop shop;
  shop.times.lease = 3600s;
  shop.script->step_ms = 20;
  const auto job = shop.queue();
  shop.start("runner_00");
  BOOST_REQUIRE(reached([&] { return shop.effects(job) >= 1; }));
  shop.ask(job, db::Wish::pause);
  BOOST_REQUIRE(shop.ends_as(job, "paused"));
  shop.stop_all();
  // As if the runner had died with it: running, held by the slot's last row.
  shop.connection.execute(
      "UPDATE jobs SET state = 'running', runner_id = (SELECT MAX(id) FROM runners) WHERE id = ?", {job.id});
  shop.next_slot = 0;
  shop.start("runner_00");
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.row(job.id).crash_count == 1);
  BOOST_TEST(shop.effects(job) == 10u);
}

BOOST_AUTO_TEST_CASE(goes_on_without_redis) {
  Workshop shop;
  shop.settings.redis_url = "unix://" + shop.folder.path() + "/nobody.sock";
  shop.script->step_ms = 20;
  shop.start();
  const auto first = shop.queue();
  const auto second = shop.queue();
  BOOST_TEST(shop.ends_as(first, "succeeded"));
  BOOST_TEST(shop.ends_as(second, "succeeded"));
  shop.script->steps = 100000;
  const auto third = shop.queue();
  BOOST_REQUIRE(reached([&] { return shop.effects(third) >= 1; }));
  shop.wish(third, db::Wish::cancel);  // nobody hears a signal: the renewal reads the wish
  BOOST_TEST(shop.ends_as(third, "cancelled"));
}

BOOST_AUTO_TEST_CASE(rests_for_a_review_and_goes_on_when_asked) {
  Workshop shop;
  shop.script->instead = [](Attempt& attempt) {
    db::Transaction transaction(attempt.connection());
    if (!attempt.job().cursor) {
      attempt.rest_for_review(transaction, Json::object({{"done", 0}}), {"detect", 5, 5, 0, {}});
    } else {
      attempt.succeed(transaction, Json::object());
    }
    transaction.commit();
    return jobs::StepResult::settled;
  };
  shop.start();
  const auto job = shop.submit();
  BOOST_TEST(shop.ends_as(job, "paused"));
  BOOST_TEST(shop.row(job.id).phase.value() == "review");
  shop.ask(job, db::Wish::resume);
  BOOST_TEST(shop.ends_as(job, "succeeded"));
}

BOOST_AUTO_TEST_CASE(quarantine_takes_what_crashed_twice_and_nothing_else) {
  Workshop shop;
  const auto poison = shop.queue();
  const auto other = shop.queue();
  shop.connection.execute("UPDATE jobs SET crash_count = 2 WHERE id = ?", {poison.id});
  shop.start("quarantine_00", 1, true);
  BOOST_TEST(shop.ends_as(poison, "succeeded"));
  BOOST_TEST(shop.state(other.id) == "queued");
}

// What people see follows their wish although the work does not look up; what it leaves is taken away once it
// has let go.
BOOST_AUTO_TEST_CASE(no_more_jobs_are_claimed_than_the_memory_allows) {
  Workshop shop;
  shop.settings.job_memory = 100;
  shop.script->memory_bytes = 60;
  shop.script->steps = 2;
  std::atomic<int> at_work{0};
  std::atomic<int> most{0};
  shop.script->before = [&](Attempt&, int) {
    most = std::max(most.load(), ++at_work);
    std::this_thread::sleep_for(2ms);  // stands for work
    --at_work;
  };
  std::vector<db::JobRef> jobs;
  for (int i = 0; i < 6; ++i) jobs.push_back(shop.queue());
  shop.start("runner_00", 4);
  for (const auto& job : jobs) BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(most == 1);
}

BOOST_AUTO_TEST_CASE(the_youngest_job_makes_room_when_memory_is_short) {
  Workshop shop;
  shop.settings.job_memory = 1000;  // less than any process holds
  shop.script->steps = 100000;
  shop.script->step_ms = 20;
  shop.times.renew = 100ms;
  shop.times.no_room = 30s;
  const auto first = shop.queue();
  shop.start("runner_00", 3);
  BOOST_REQUIRE(reached([&] { return shop.effects(first) >= 1; }));
  const auto second = shop.submit();
  BOOST_REQUIRE(reached([&] { return shop.row(second.id).error_code.value_or("") == "job.memory"; }));
  BOOST_TEST(shop.state(second.id) == "queued");
  BOOST_TEST(shop.row(second.id).attempt == 0);
  BOOST_TEST(shop.state(first.id) == "running");  // the last one is left alone
}

// A wire that is cut without a word: the slot would wait for its answer until the read times out.
BOOST_AUTO_TEST_CASE(a_connection_that_hangs_is_cut_within_seconds) {
  Workshop shop;
  test::Wire wire(shop.settings.db_socket);
  shop.settings.db_socket.clear();
  shop.settings.db_host = "127.0.0.1";
  shop.settings.db_port = wire.port();
  std::atomic<bool> inside{false};
  std::atomic<bool> left{false};
  shop.script->before = [&](Attempt& attempt, int step) {
    if (step != 1 || left) return;
    inside = true;
    try {
      attempt.connection().select("SELECT SLEEP(300)");
    } catch (const db::DatabaseError&) {
      left = true;
      throw;
    }
  };
  shop.start();
  const auto job = shop.submit();
  BOOST_REQUIRE(reached([&] { return inside.load(); }));
  wire.freeze();
  const auto frozen = BootClock::now();
  BOOST_TEST(reached([&] { return left.load(); }, 60s));
  const auto took = std::chrono::duration<double>(BootClock::now() - frozen).count();
  BOOST_TEST_MESSAGE("cut after " << took << " s");
  BOOST_TEST(took < 20);  // 6 to 8 s, and the machine may be slow
  wire.thaw();
  BOOST_TEST(shop.ends_as(job, "succeeded"));
  BOOST_TEST(shop.effects(job) == 10u);
  BOOST_TEST(shop.row(job.id).attempt == 0);
}

BOOST_AUTO_TEST_CASE(a_killed_runner_gives_its_place_to_the_next_one) {
  test::JobDatabase db;
  db::RunnerIdentity identity;
  identity.name = "runner_07";
  identity.host = "somewhere";
  for (int start = 0; start < 3; ++start)  // each but the last one was killed
    for (identity.slot = 35; identity.slot < 40; ++identity.slot)
      db::register_runner(db.connection, identity);
  identity.name = db::kQuarantine;
  const auto of_quarantine = db::register_runner(db.connection, identity);
  auto health = db::runner_health(db.connection);
  BOOST_REQUIRE(health.size() == 2u);
  BOOST_TEST(!health[0].takes_jobs());
  BOOST_TEST(health[1].takes_jobs());
  BOOST_TEST(health[1].slots == 5);
  db.connection.execute("UPDATE runners SET seen_at = seen_at - INTERVAL 40 SECOND");
  health = db::runner_health(db.connection);
  BOOST_REQUIRE(health.size() == 2u);
  BOOST_TEST(!health[1].takes_jobs());
  db::end_runners(db.connection, {of_quarantine});
  BOOST_TEST(db::runner_health(db.connection).size() == 1u);
}

BOOST_AUTO_TEST_CASE(shows_that_it_drains_while_its_work_ends) {
  Workshop shop;
  BusyWork work(shop);
  shop.start();
  const auto job = shop.submit();
  BOOST_REQUIRE(reached([&] { return work.inside.load(); }));
  std::thread stopping([&] { shop.stop_all(); });
  BOOST_TEST(reached([&] {
    const auto health = db::runner_health(shop.connection);
    return health.size() == 1 && health[0].draining && health[0].slots == 2;
  }));
  work.go_on = true;
  stopping.join();
  BOOST_TEST(db::runner_health(shop.connection).empty());
  BOOST_TEST(shop.state(job.id) == "queued");
}

BOOST_AUTO_TEST_SUITE_END()
