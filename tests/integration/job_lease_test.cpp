// SPDX-License-Identifier: MIT
// Claims, fences, wishes and take-over against a real MariaDB.
#include <boost/test/unit_test.hpp>

#include <latch>
#include <map>
#include <thread>

#include "core/db/job_upkeep.hpp"
#include "core/db/owner_load_table.hpp"
#include "tests/integration/job_fixture.hpp"

using namespace sluice;
using job::State;
using job::Want;
using test::JobDatabase;
using test::lease_of;

namespace {

/// Puts a job into a state as if it had come there, and gives it a holder when it runs.
void put(JobDatabase& db, const db::JobRef& job, State state, Want want, std::uint64_t runner = 0) {
  const bool ended = job::is_terminal(state);
  db.connection.execute(
      "UPDATE jobs SET state = ?, want = ?, runner_id = ?, bell_at = IF(? = 'queued', UTC_TIMESTAMP(6), "
      "NULL), cleanup_pending = 0, "
      "finished_at = IF(?, UTC_TIMESTAMP(6), NULL) WHERE id = ?",
      {job::name_of(state), job::name_of(want),
       state == State::running ? db::Value(runner) : db::Value(nullptr), job::name_of(state),
       static_cast<unsigned>(ended), job.id});
  db::recount_owner_load(db.connection);
}

std::string load_of(JobDatabase& db) {
  return db.text("SELECT CONCAT(queued, '/', running) FROM owner_load WHERE owner_id = " +
                 std::to_string(db.actor.owner_id));
}

std::string counted_load_of(JobDatabase& db) {
  return db.text(
      "SELECT CONCAT(COALESCE(SUM(state = 'queued'), 0), '/', COALESCE(SUM(state = 'running'), 0)) FROM jobs "
      "WHERE owner_id = " +
      std::to_string(db.actor.owner_id));
}

db::SeenLease seen_of(JobDatabase& db, std::uint64_t job_id) {
  for (const auto& lease : db::running_leases(db.connection))
    if (lease.job_id == job_id) return lease;
  BOOST_FAIL("the job does not run");
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_lease)

BOOST_AUTO_TEST_CASE(each_job_is_claimed_by_one_of_many) {
  JobDatabase db;
  constexpr int kJobs = 40;
  constexpr int kClaimers = 8;
  for (int i = 0; i < kJobs; ++i) db.queue();
  std::vector<std::vector<std::uint64_t>> claimed(kClaimers);
  std::vector<std::thread> threads;
  for (int i = 0; i < kClaimers; ++i) {
    const auto holder = db.holder();
    threads.emplace_back([&claimed, i, holder] {
      const db::ThreadScope scope;
      db::Connection own(test::Database::options());
      while (const auto job =
                 db::claim_job(own, {holder.runner_id, own.id(), "runner_99"}, test::all_kinds_rules()))
        claimed[i].push_back(job->id);
    });
  }
  for (auto& thread : threads) thread.join();
  std::map<std::uint64_t, int> times;
  for (const auto& list : claimed)
    for (const auto id : list) ++times[id];
  BOOST_TEST(times.size() == kJobs);
  for (const auto& [id, count] : times) BOOST_TEST(count == 1);
  BOOST_TEST(load_of(db) == "0/40");
}

BOOST_AUTO_TEST_CASE(a_claim_raises_the_epoch_and_a_replaced_holder_changes_nothing) {
  JobDatabase db;
  const auto job = db.queue();
  const auto first = db.claim(db.holder()).value();
  BOOST_TEST(first.epoch == 1u);
  BOOST_TEST((db::take_over(db.connection, seen_of(db, job.id), true, "runner_98") == State::queued));
  const auto second = db.claim(db.holder()).value();
  BOOST_TEST(second.epoch == 3u);

  const db::StoredProgress progress{"load", 5, {}, 0, {}, {}, {}};
  const auto old = lease_of(first);
  BOOST_TEST(!db.change([&](auto& t) { return db::checkpoint_job(t, old, "{}", progress); }));
  BOOST_TEST(!db::renew_lease(db.connection, old, progress));
  BOOST_TEST(!db.change([&](auto& t) { return db::settle_succeeded(t, old, "{}"); }));
  BOOST_TEST(!db.change([&](auto& t) { return db::settle_failed(t, old, "x.y", "no"); }));
  BOOST_TEST(
      !db.change([&](auto& t) { return db::settle_yielded(t, old, std::chrono::milliseconds{0}, "", ""); }));
  BOOST_TEST(db.row(job.id).records_done == 0u);
  BOOST_TEST(
      db.change([&](auto& t) { return db::checkpoint_job(t, lease_of(second), "{\"at\":5}", progress); }));
  BOOST_TEST(db.row(job.id).records_done == 5u);
}

// Every state, every wish that may be set, everything a person may ask: what the table says is what happens.
BOOST_AUTO_TEST_CASE(wishes_walk_the_whole_matrix) {
  JobDatabase db;
  const auto holder = db.holder();
  const std::map<db::Wish, State> target = {{db::Wish::pause, State::paused},
                                            {db::Wish::resume, State::queued},
                                            {db::Wish::cancel, State::cancelled},
                                            {db::Wish::retry, State::queued}};
  for (const State from : job::kStates) {
    for (const Want want : {Want::run, Want::pause, Want::cancel}) {
      if (from != State::running && want != Want::run) continue;  // a wish is for running jobs only
      for (const auto& [wish, to] : target) {
        const auto job = db.queue();
        put(db, job, from, want, holder.runner_id);
        const auto result = db.wish(job, wish);
        const auto row = db.row(job.id);
        const auto outcome = wish == db::Wish::pause    ? job::outcome_of_pause(from, want)
                             : wish == db::Wish::resume ? job::outcome_of_resume(from, want)
                             : wish == db::Wish::cancel ? job::outcome_of_cancel(from, want)
                                                        : job::outcome_of_retry(from, want);
        BOOST_TEST_CONTEXT(job::name_of(from)
                           << " wanting " << job::name_of(want) << ", asked for " << job::name_of(to)) {
          BOOST_TEST((result.outcome == outcome));
          if (outcome == job::WishOutcome::move_now) {
            BOOST_TEST((row.state == to));
            BOOST_TEST(job::is_legal(from, row.state, job::Mover::owner));
            BOOST_TEST(result.ring() == (to == State::queued));
          } else {
            BOOST_TEST((row.state == from));
          }
          const bool set = outcome == job::WishOutcome::set_want;
          BOOST_TEST(row.want_seq == (set ? 1u : 0u));
          BOOST_TEST(result.signal() == set);
          const bool changed = set || outcome == job::WishOutcome::move_now;
          BOOST_TEST(db.events(job.id).size() == (changed ? 2u : 1u));
          BOOST_TEST(load_of(db) == counted_load_of(db));
        }
        db.connection.execute("DELETE FROM jobs WHERE id = ?", {job.id});
        db::recount_owner_load(db.connection);
      }
    }
  }
}

// Every settlement from every state: it hits only where the machine has such an arrow and the wish allows it.
BOOST_AUTO_TEST_CASE(settlements_walk_the_whole_matrix) {
  JobDatabase db;
  const auto holder = db.holder();
  using Settle = bool (*)(db::Transaction&, const db::Lease&);
  struct Case {
    const char* name;
    Settle settle;
    State to;
    bool run, pause, cancel;  // with which wish it may hit
  };
  const Case cases[] = {
      {"succeeded", [](auto& t, auto& l) { return db::settle_succeeded(t, l, "{}"); }, State::succeeded, true,
       true, false},
      {"review", [](auto& t, auto& l) { return db::settle_review(t, l); }, State::paused, true, true, false},
      {"paused", [](auto& t, auto& l) { return db::settle_paused(t, l); }, State::paused, false, true, false},
      {"cancelled", [](auto& t, auto& l) { return db::settle_cancelled(t, l); }, State::cancelled, false,
       false, true},
      {"yielded",
       [](auto& t, auto& l) { return db::settle_yielded(t, l, std::chrono::milliseconds{0}, "", ""); },
       State::queued, true, false, false},
      {"retry",
       [](auto& t, auto& l) { return db::settle_retry(t, l, std::chrono::milliseconds{0}, "a.b", "c"); },
       State::queued, true, false, false},
      {"failed", [](auto& t, auto& l) { return db::settle_failed(t, l, "a.b", "c"); }, State::failed, true,
       true, false},
  };
  for (const State from : job::kStates) {
    for (const Want want : {Want::run, Want::pause, Want::cancel}) {
      for (const Case& each : cases) {
        const auto job = db.queue();
        put(db, job, from, want, holder.runner_id);
        const db::Lease lease{job.id, 0, db.actor.owner_id, "runner_99"};
        const bool hit = db.change([&](auto& t) { return each.settle(t, lease); });
        const bool may = want == Want::run ? each.run : want == Want::pause ? each.pause : each.cancel;
        BOOST_TEST_CONTEXT(each.name << " from " << job::name_of(from) << " wanting " << job::name_of(want)) {
          BOOST_TEST(hit == (from == State::running && may));
          BOOST_TEST((db.row(job.id).state == (hit ? each.to : from)));
          if (hit) BOOST_TEST(job::is_legal(from, each.to, job::Mover::holder));
          if (hit) BOOST_TEST((db.row(job.id).want == Want::run));
          BOOST_TEST(load_of(db) == counted_load_of(db));
        }
        db.connection.execute("DELETE FROM jobs WHERE id = ?", {job.id});
        db::recount_owner_load(db.connection);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_take_over_follows_the_wish_and_needs_an_unchanged_lease) {
  JobDatabase db;
  const std::map<Want, State> expected = {
      {Want::run, State::queued}, {Want::pause, State::paused}, {Want::cancel, State::cancelled}};
  for (const auto& [want, state] : expected) {
    const auto job = db.queue();
    const auto claimed = db.claim(db.holder()).value();
    const auto seen = seen_of(db, job.id);
    if (want != Want::run) db.wish(job, want == Want::pause ? db::Wish::pause : db::Wish::cancel);
    BOOST_TEST(db::renew_lease(db.connection, lease_of(claimed), {}));
    BOOST_TEST(!db::take_over(db.connection, seen, true, "runner_98").has_value());
    BOOST_TEST((db::take_over(db.connection, seen_of(db, job.id), true, "runner_98") == state));
    BOOST_TEST(db.row(job.id).crash_count == 1);
    BOOST_TEST(db.row(job.id).attempt == 0);
    BOOST_TEST(job::is_legal(State::running, state, job::Mover::finder));
    BOOST_TEST(load_of(db) == counted_load_of(db));
    put(db, job, State::succeeded, Want::run);
  }
}

BOOST_AUTO_TEST_CASE(a_poisonous_job_goes_to_quarantine_and_then_fails) {
  JobDatabase db;
  const auto job = db.queue();
  BOOST_REQUIRE(db.claim(db.holder()).has_value());
  BOOST_TEST((db::take_over(db.connection, seen_of(db, job.id), true, "f") == State::queued));
  BOOST_TEST(!db.claim(db.holder(), true).has_value());
  BOOST_REQUIRE(db.claim(db.holder()).has_value());  // one crash: a normal slot
  BOOST_TEST((db::take_over(db.connection, seen_of(db, job.id), true, "f") == State::queued));
  BOOST_TEST(!db.claim(db.holder()).has_value());
  BOOST_REQUIRE(db.claim(db.holder(), true).has_value());
  BOOST_TEST((db::take_over(db.connection, seen_of(db, job.id), true, "f") == State::failed));
  BOOST_TEST(db.row(job.id).error_code.value() == "job.runner_crashed");
  BOOST_TEST(db.wish(job, db::Wish::retry).job.crash_count == 0);
}

BOOST_AUTO_TEST_CASE(an_end_of_the_whole_host_is_no_crash) {
  JobDatabase db;
  const auto job = db.queue();
  for (int i = 0; i < 5; ++i) {
    BOOST_REQUIRE(db.claim(db.holder()).has_value());
    BOOST_TEST((db::take_over(db.connection, seen_of(db, job.id), false, "f") == State::queued));
  }
  BOOST_TEST(db.row(job.id).crash_count == 0);
}

BOOST_AUTO_TEST_CASE(an_owner_with_many_jobs_leaves_room_for_another) {
  JobDatabase db;
  const Actor other = db.another_owner();
  for (int i = 0; i < 10; ++i) db.queue();
  const auto holder = db.holder();
  for (int i = 0; i < 3; ++i) BOOST_TEST(db.claim(holder, false, 3)->owner_id == db.actor.owner_id);
  const auto theirs = db.queue_for(other);
  BOOST_TEST(db.claim(holder, false, 3)->id == theirs.id);
  // Nobody else waits: the slots are not left idle.
  for (int i = 0; i < 7; ++i) BOOST_TEST(db.claim(holder, false, 3).has_value());
}

BOOST_AUTO_TEST_CASE(urgent_jobs_go_first_then_old_ones) {
  JobDatabase db;
  const auto holder = db.holder();
  const auto old = db.queue();
  const auto young = db.queue();
  const auto urgent = db.queue(job::JobKind::exports, 1);
  BOOST_TEST(db.claim(holder)->id == urgent.id);
  BOOST_TEST(db.claim(holder)->id == old.id);
  BOOST_TEST(db.claim(holder)->id == young.id);
}

BOOST_AUTO_TEST_CASE(holding_again_raises_the_epoch_and_reads_what_was_stored) {
  JobDatabase db;
  const auto job = db.queue();
  const auto holder = db.holder();
  const auto claimed = db.claim(holder).value();
  db.change([&](auto& t) {
    return db::checkpoint_job(t, lease_of(claimed), "{\"done\":7}", {"load", 7, {}, 0, {}, {}, {}});
  });
  const auto again = db::hold_again(db.connection, holder).value();
  BOOST_TEST(again.id == job.id);
  BOOST_TEST(again.epoch == claimed.epoch + 1);
  BOOST_TEST(again.cursor->at("done").i64() == 7);
  BOOST_TEST(!db.change([&](auto& t) { return db::checkpoint_job(t, lease_of(claimed), "{}", {}); }));
  BOOST_TEST(db.change([&](auto& t) { return db::settle_succeeded(t, lease_of(again), "{}"); }));
  BOOST_TEST(!db::hold_again(db.connection, holder).has_value());
}

BOOST_AUTO_TEST_CASE(a_bell_is_given_to_one_finder_and_put_off) {
  JobDatabase db;
  const auto job = db.queue();
  BOOST_TEST(db::take_due_bells(db.connection, 10).empty());  // its own ring is on the way
  db::owe_all_bells(db.connection);
  const auto due = db::take_due_bells(db.connection, 10);
  BOOST_REQUIRE(due.size() == 1u);
  BOOST_TEST((due[0] == job.uid));
  BOOST_TEST(db::take_due_bells(db.connection, 10).empty());
}

BOOST_AUTO_TEST_CASE(a_restarted_job_waits_until_its_old_run_is_cleaned_up) {
  JobDatabase db;
  const auto job = db.queue();
  db.wish(job, db::Wish::cancel);
  const auto restarted = db.wish(job, db::Wish::retry).job;
  BOOST_TEST(restarted.run_no == 2);
  BOOST_TEST(!db.claim(db.holder()).has_value());
  db.connection.run("UPDATE jobs SET bell_at = UTC_TIMESTAMP(6)");
  const auto cleanups = db::take_cleanups(db.connection, 10);
  BOOST_REQUIRE(cleanups.size() == 1u);
  BOOST_TEST(cleanups[0].run_no == 1);
  BOOST_TEST(db::take_cleanups(db.connection, 10).empty());
  db::finish_cleanup(db.connection, job.id);
  BOOST_TEST(db.claim(db.holder())->run_no == 2);
}

BOOST_AUTO_TEST_CASE(loads_are_counted_anew) {
  JobDatabase db;
  db.queue();
  db.queue();
  db.claim(db.holder());
  db.connection.run("UPDATE owner_load SET queued = 17, running = -3");
  db::recount_owner_load(db.connection);
  BOOST_TEST(load_of(db) == "1/1");
}

// The owner's row is not there yet to be locked: what his first job adds must not be cleared again.
BOOST_AUTO_TEST_CASE(the_first_job_of_an_owner_is_not_lost_to_a_recount) {
  for (int round = 0; round < 300; ++round) {
    JobDatabase db, other;
    std::latch both(2);
    std::jthread counting([&] {
      const db::ThreadScope thread;
      both.arrive_and_wait();
      db::recount_owner_load(other.connection);
    });
    both.arrive_and_wait();
    db.queue();
    counting.join();
    BOOST_REQUIRE(load_of(db) == "1/0");
  }
}

BOOST_AUTO_TEST_CASE(lists_go_from_new_to_old_by_pages_and_show_only_ones_own) {
  JobDatabase db;
  const auto theirs = db.queue_for(db.another_owner());
  std::vector<std::uint64_t> ids;
  for (int i = 0; i < 5; ++i)
    ids.push_back(db.queue(i % 2 == 0 ? job::JobKind::imports : job::JobKind::exports).id);
  const auto first = db::list_jobs(db.connection, db.actor, {}, 3);
  BOOST_REQUIRE(first.jobs.size() == 3u);
  BOOST_TEST(first.jobs[0].id == ids[4]);
  const auto second = db::list_jobs(db.connection, db.actor, {}, 3, first.next_before);
  BOOST_REQUIRE(second.jobs.size() == 2u);
  BOOST_TEST(second.jobs[1].id == ids[0]);
  BOOST_TEST(!second.next_before.has_value());
  BOOST_TEST(
      db::list_jobs(db.connection, db.actor, {{State::queued}, {job::JobKind::exports}}, 10).jobs.size() ==
      2u);
  BOOST_TEST(!db::find_job(db.connection, db.actor, theirs.uid).has_value());
  BOOST_TEST(!db::apply_wish(db.connection, db.actor, theirs.uid, db::Wish::cancel).has_value());
}

BOOST_AUTO_TEST_CASE(one_sweep_is_queued_at_a_time) {
  JobDatabase db;
  BOOST_TEST(db::queue_sweep(db.connection, std::chrono::seconds{300}).has_value());
  BOOST_TEST(!db::queue_sweep(db.connection, std::chrono::seconds{300}).has_value());
  db.connection.run("UPDATE jobs SET state = 'succeeded', created_at = created_at - INTERVAL 301 SECOND");
  BOOST_TEST(db::queue_sweep(db.connection, std::chrono::seconds{300}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
