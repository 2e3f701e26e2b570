// SPDX-License-Identifier: MIT
// Which of the waiting jobs a free slot gets, against a real MariaDB.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

#include "core/db/job_pick.hpp"
#include "core/db/owner_load_table.hpp"
#include "tests/integration/job_fixture.hpp"

using namespace sluice;
using namespace std::chrono_literals;
using job::JobKind;
using test::JobDatabase;
using test::lease_of;

namespace {

/// Many jobs of one owner in one statement.
void queue_many(JobDatabase& db, const Actor& who, int count) {
  db.connection.execute(
      "INSERT INTO jobs(uid, owner_id, kind, state, priority, due_at, params, created_at) SELECT "
      "UNHEX(REPLACE(UUID(), '-', '')), ?, 'import', 'queued', 5, UTC_TIMESTAMP(6), '{}', UTC_TIMESTAMP(6) "
      "FROM "
      "seq_1_to_" +
          std::to_string(count),
      {who.owner_id});
  db::recount_owner_load(db.connection);
}

int running_of(JobDatabase& db, const Actor& who) {
  return static_cast<int>(
      db.connection
          .select_one("SELECT COUNT(*) FROM jobs WHERE state = 'running' AND owner_id = ?", {who.owner_id})
          ->i64(0));
}

/// Does another connection work on such a statement?
bool runs(JobDatabase& db, std::string_view like) {
  return !db.connection
              .select(
                  "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND INFO LIKE ?",
                  {like})
              .empty();
}

/// So many claimers, each on a connection of its own, claim up to `most` jobs each.
void claim_at_once(JobDatabase& db, int claimers, const db::ClaimRules& rules, int most) {
  std::vector<std::thread> threads;
  for (int i = 0; i < claimers; ++i) {
    threads.emplace_back([&rules, most, holder = db.holder()] {
      const db::ThreadScope scope;
      db::Connection own(test::Database::options());
      for (int n = 0; n < most && db::claim_job(own, {holder.runner_id, own.id(), holder.name}, rules); ++n) {
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_choice)

BOOST_AUTO_TEST_CASE(small_jobs_are_short_ones_and_go_first) {
  JobDatabase db;
  const auto queue_bytes = [&](std::optional<std::uint64_t> total,
                               std::optional<std::uint64_t> to_read = {}) {
    db::Transaction transaction(db.connection);
    db::NewJob job;
    job.bytes_total = total;
    job.bytes_to_read = to_read;
    const auto ref = db::insert_job(transaction, db.actor, job).ref();
    transaction.commit();
    return ref;
  };
  const auto unknown = queue_bytes(std::nullopt);
  const auto large = queue_bytes(db::kShortBytes);
  const auto small = queue_bytes(db::kShortBytes - 1);
  const auto small_export = queue_bytes(std::nullopt, 5);
  const auto holder = db.holder();
  for (const auto& job : {small, small_export, unknown, large}) BOOST_TEST(db.claim(holder)->id == job.id);
}

BOOST_AUTO_TEST_CASE(a_job_that_waits_alone_is_held_to_the_same_rules) {
  JobDatabase db;
  const auto holder = db.holder();
  auto rules = test::all_kinds_rules();
  const auto claim = [&] { return db::claim_job(db.connection, holder, rules); };
  const auto job = db.queue(JobKind::imports, db::kLongPriority);
  rules.kinds = {JobKind::exports};
  BOOST_TEST(!claim().has_value());
  rules = test::all_kinds_rules();
  rules.quarantine = true;
  BOOST_TEST(!claim().has_value());
  rules.quarantine = false;
  db.age(job, -60);  // due in a minute
  BOOST_TEST(!claim().has_value());
  db.age(job, 60);
  BOOST_TEST(claim()->id == job.id);
  BOOST_TEST(!claim().has_value());
}

BOOST_AUTO_TEST_CASE(a_long_job_that_waits_alone_lets_a_short_one_of_somebody_else_go_first) {
  JobDatabase db;
  const auto holder = db.holder();
  auto rules = test::all_kinds_rules();
  rules.most_long_jobs = 1;
  const auto claim = [&] { return db::claim_job(db.connection, holder, rules); };
  const Actor other = db.another_owner();
  db.queue_for(other, JobKind::imports, db::kLongPriority);
  BOOST_TEST_REQUIRE(claim().has_value());
  const auto long_one = db.queue(JobKind::imports, db::kLongPriority);  // whose owner has nothing running
  const auto short_one = db.queue_for(other, JobKind::imports, db::kShortPriority);
  BOOST_TEST(claim()->id == short_one.id);
  BOOST_TEST(claim()->id == long_one.id);
}

BOOST_AUTO_TEST_CASE(who_takes_only_some_jobs_holds_up_nobody_by_looking) {
  JobDatabase db;
  queue_many(db, db.actor, 3000);
  std::atomic<int> looks{0};
  const std::jthread looker([&, holder = db.holder()](const std::stop_token& enough) {
    const db::ThreadScope scope;
    db::Connection own(test::Database::options());
    for (; !enough.stop_requested(); ++looks)
      db::claim_job(own, {holder.runner_id, own.id(), holder.name}, test::all_kinds_rules(true));
  });
  BOOST_REQUIRE(test::reached([&] { return looks > 0; }));
  const auto holder = db.holder();
  int missed = 0;
  for (int i = 0; i < 100; ++i)
    if (!db::claim_job(db.connection, holder, test::all_kinds_rules())) ++missed;
  BOOST_TEST(missed == 0);
}

BOOST_AUTO_TEST_CASE(a_look_in_vain_at_one_owner_s_jobs_hides_no_other_owner_s) {
  JobDatabase db;
  db.age(db.queue(JobKind::imports), -60);  // due in a minute
  const auto theirs = db.queue_for(db.another_owner(), JobKind::imports);
  db::Connection other(test::Database::options());
  db::Transaction looks(other);
  const auto rules = test::all_kinds_rules();
  BOOST_TEST(!db::pick_job(looks, rules, rules.kinds, {db.actor.owner_id, 1, 0}, 127).has_value());
  const auto claimed = db.claim(db.holder());
  BOOST_REQUIRE(claimed);
  BOOST_TEST(claimed->id == theirs.id);
}

BOOST_AUTO_TEST_CASE(claimers_of_some_kinds_get_each_job_once) {
  JobDatabase db;
  queue_many(db, db.actor, 60);
  auto rules = test::all_kinds_rules();
  rules.kinds = {JobKind::imports};
  claim_at_once(db, 6, rules, 60);
  BOOST_TEST(running_of(db, db.actor) == 60);
  const auto starts =
      db.connection.select_one("SELECT COUNT(*), MAX(epoch) FROM job_events WHERE event = 'started'");
  BOOST_TEST(starts->i64(0) == 60);
  BOOST_TEST(starts->i64(1) == 1);
}

BOOST_AUTO_TEST_CASE(who_takes_only_some_jobs_passes_over_what_others_are_about_to_start) {
  JobDatabase db;
  queue_many(db, db.actor, 6);
  const auto ids = db.connection.select("SELECT id FROM jobs ORDER BY id");
  db::Connection other(test::Database::options());
  db::Transaction starts(other);
  other.select("SELECT 1 FROM jobs WHERE id <= ? FOR UPDATE", {ids[2].u64(0)});
  auto rules = test::all_kinds_rules();
  rules.kinds = {JobKind::imports};
  const auto claimed = db::claim_job(db.connection, db.holder(), rules);
  BOOST_REQUIRE(claimed);
  BOOST_TEST(claimed->id == ids[3].u64(0));
}

BOOST_AUTO_TEST_CASE(quarantine_starts_what_is_free_and_gives_up_on_what_stays_locked) {
  JobDatabase db;
  const auto locked = db.queue(JobKind::imports), free = db.queue(JobKind::imports);
  db.connection.execute("UPDATE jobs SET crash_count = 2");
  db::Connection in_the_way(test::Database::options());
  db::Transaction keeps(in_the_way);
  in_the_way.select("SELECT 1 FROM jobs WHERE id = ? FOR UPDATE", {locked.id});
  const auto holder = db.holder();
  const auto claim = [&] { return db::claim_job(db.connection, holder, test::all_kinds_rules(true)); };
  const auto claimed = claim();
  BOOST_REQUIRE(claimed);
  BOOST_TEST(claimed->id == free.id);
  BOOST_TEST(!claim().has_value());
  keeps.rollback();
  BOOST_TEST(claim()->id == locked.id);
}

BOOST_AUTO_TEST_CASE(quarantine_starts_a_free_job_of_another_priority) {
  JobDatabase db;
  const auto locked = db.queue(JobKind::imports, db::kShortPriority),
             free = db.queue(JobKind::imports, db::kLongPriority);
  db.connection.execute("UPDATE jobs SET crash_count = 2");
  db::Connection in_the_way(test::Database::options());
  db::Transaction keeps(in_the_way);
  in_the_way.select("SELECT 1 FROM jobs WHERE id = ? FOR UPDATE", {locked.id});
  const auto claimed = db::claim_job(db.connection, db.holder(), test::all_kinds_rules(true));
  BOOST_REQUIRE(claimed);
  BOOST_TEST(claimed->id == free.id);
}

BOOST_AUTO_TEST_CASE(quarantine_waits_for_a_job_that_another_claim_passes_over) {
  JobDatabase db;
  const auto job = db.queue(JobKind::imports);
  db.connection.execute("UPDATE jobs SET crash_count = 2 WHERE id = ?", {job.id});
  db::Connection in_the_way(test::Database::options());
  db::Transaction passes(in_the_way);
  in_the_way.select("SELECT 1 FROM jobs WHERE id = ? FOR UPDATE", {job.id});
  std::optional<db::LeasedJob> claimed;
  std::jthread claimer([&, holder = db.holder()] {
    const db::ThreadScope scope;
    db::Connection own(test::Database::options());
    claimed = db::claim_job(own, {holder.runner_id, own.id(), holder.name}, test::all_kinds_rules(true));
  });
  BOOST_TEST(test::reached([&] { return runs(db, "SELECT id, % FOR UPDATE WAIT 1"); }));
  passes.rollback();
  claimer.join();
  BOOST_REQUIRE(claimed);
  BOOST_TEST(claimed->id == job.id);
}

BOOST_AUTO_TEST_CASE(a_job_that_needs_quarantine_is_found_behind_those_that_do_not) {
  JobDatabase db;
  queue_many(db, db.actor, 20);
  const auto job = db.queue(JobKind::imports);
  db.connection.execute("UPDATE jobs SET crash_count = 2 WHERE id = ?", {job.id});
  const auto holder = db.holder();
  const auto claim = [&] { return db::claim_job(db.connection, holder, test::all_kinds_rules(true)); };
  BOOST_TEST(claim()->id == job.id);
  BOOST_TEST(!claim().has_value());
}

BOOST_AUTO_TEST_CASE(a_minute_of_waiting_is_a_step_of_priority) {
  JobDatabase db;
  const auto holder = db.holder();
  const auto large = db.queue(JobKind::imports, db::kLongPriority);
  db.age(large, 119);
  const auto small = db.queue(JobKind::imports, db::kShortPriority);
  BOOST_TEST(db.claim(holder)->id == small.id);
  const auto another = db.queue(JobKind::imports, db::kShortPriority);
  db.age(large, 61);  // three minutes in all
  BOOST_TEST(db.claim(holder)->id == large.id);
  BOOST_TEST(db.claim(holder)->id == another.id);
}

BOOST_AUTO_TEST_CASE(slots_are_kept_for_short_jobs_while_there_are_any) {
  JobDatabase db;
  const auto holder = db.holder();
  auto rules = test::all_kinds_rules();
  rules.most_long_jobs = 2;
  const auto claim = [&] { return db::claim_job(db.connection, holder, rules); };
  for (int i = 0; i < 4; ++i) db.age(db.queue(JobKind::imports, db::kLongPriority), 3600);
  const auto first_short = db.queue(JobKind::imports, db::kShortPriority);
  BOOST_TEST(claim()->id != first_short.id);  // so old that they go first
  BOOST_TEST(claim()->id != first_short.id);
  BOOST_TEST(claim()->id == first_short.id);
  BOOST_TEST(claim().has_value());  // no short one waits: the slot is not left idle
  const auto theirs = db.queue_for(db.another_owner(), JobKind::exports, db::kShortPriority);
  BOOST_TEST(claim()->id == theirs.id);
  BOOST_TEST(claim().has_value());
  BOOST_TEST(!claim().has_value());
}

BOOST_AUTO_TEST_CASE(a_kind_has_its_own_limit_also_among_many_claimers) {
  JobDatabase db;
  constexpr int kLimit = 3;
  for (int i = 0; i < 12; ++i) db.queue(JobKind::exports);
  auto rules = test::all_kinds_rules();
  rules.kind_limits[static_cast<std::size_t>(JobKind::exports)] = kLimit;
  claim_at_once(db, 6, rules, 12);
  BOOST_TEST(running_of(db, db.actor) == kLimit);
  const auto import = db.queue(JobKind::imports);
  BOOST_TEST(db::claim_job(db.connection, db.holder(), rules)->id == import.id);
}

BOOST_AUTO_TEST_CASE(owners_get_their_shares_also_of_many_claimers) {
  JobDatabase db;
  constexpr int kShare = 4;
  const Actor other = db.another_owner();
  for (int i = 0; i < 20; ++i) {
    db.queue();
    db.queue_for(other);
  }
  const auto rules = test::all_kinds_rules(false, kShare);
  claim_at_once(db, 2 * kShare, rules, 1);
  BOOST_TEST(running_of(db, db.actor) == kShare);
  BOOST_TEST(running_of(db, other) == kShare);
  claim_at_once(db, 4, rules, 100);  // nobody is below his share: nothing is left for that
  BOOST_TEST(running_of(db, db.actor) == 20);
  BOOST_TEST(running_of(db, other) == 20);
  for (const db::Row& row :
       db.connection.select("SELECT queued, running FROM owner_load WHERE owner_id IN (?, ?)",
                            {db.actor.owner_id, other.owner_id})) {
    BOOST_TEST(row.i64(0) == 0);
    BOOST_TEST(row.i64(1) == 20);
  }
}

BOOST_AUTO_TEST_CASE(a_claim_waits_for_its_owner_s_row_only_at_its_end) {
  JobDatabase db;
  const auto first = db.queue(), second = db.queue();
  db::Connection in_the_way(test::Database::options());
  db::Transaction locked(in_the_way);
  in_the_way.select("SELECT 1 FROM owner_load WHERE owner_id = ? FOR UPDATE", {db.actor.owner_id});
  std::optional<db::LeasedJob> claimed;
  std::jthread claimer([&, holder = db.holder()] {
    const db::ThreadScope scope;
    db::Connection own(test::Database::options());
    claimed = db::claim_job(own, {holder.runner_id, own.id(), holder.name}, test::all_kinds_rules());
  });
  BOOST_TEST(test::reached([&] { return runs(db, "UPDATE owner_load % SET queued = queued - 1%"); }));
  // Meanwhile others find the second job, and the first one is locked.
  const auto free_jobs = db.connection.select(
      "SELECT id FROM jobs WHERE state = 'queued' AND owner_id = ? FOR UPDATE SKIP LOCKED",
      {db.actor.owner_id});
  BOOST_TEST(free_jobs.size() == 1u);
  locked.rollback();
  claimer.join();
  BOOST_REQUIRE(claimed);
  BOOST_TEST(claimed->id == first.id);
  BOOST_TEST(db.claim(db.holder())->id == second.id);
}

BOOST_AUTO_TEST_CASE(ten_thousand_jobs_of_one_owner_hold_up_nobody) {
  JobDatabase db;
  const Actor many = db.actor;
  const auto holder = db.holder();
  const auto seconds_of = [](const auto& work) {
    const auto begun = BootClock::now();
    work();
    return std::chrono::duration<double>(BootClock::now() - begun).count();
  };
  std::vector<db::LeasedJob> held;
  const auto claim_ten = [&] {
    for (int i = 0; i < 10; ++i) held.push_back(db.claim(holder).value());
  };
  queue_many(db, many, 10);
  const double among_ten = seconds_of(claim_ten);
  queue_many(db, many, 10'000);
  // Were they all read, it would take some hundred times as long.
  BOOST_TEST(seconds_of(claim_ten) < 20 * among_ten);
  BOOST_TEST(running_of(db, many) == 20);  // alone it has all

  const auto only = db.queue_for(db.another_owner());
  const auto free_one = [&](std::size_t which) {
    BOOST_REQUIRE(db.change([&](auto& t) { return db::settle_succeeded(t, lease_of(held[which]), "{}"); }));
    return db.claim(holder).value();
  };
  BOOST_TEST(free_one(0).id == only.id);

  // While four others wait it is left five slots.
  for (int owner = 0; owner < 4; ++owner) {
    const Actor other = db.another_owner();
    for (int i = 0; i < 5; ++i) db.queue_for(other);
  }
  for (std::size_t i = 1; i < 15; ++i) BOOST_TEST(free_one(i).owner_id != many.owner_id);
  BOOST_TEST(running_of(db, many) == 5);
}

BOOST_AUTO_TEST_SUITE_END()
