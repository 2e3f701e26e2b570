// SPDX-License-Identifier: MIT
// How a team import runs: review, batches, killed between any two commits, replaced, cancelled.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <random>

#include "tests/integration/team_fixture.hpp"

using namespace sluice;
using test::many_rows;
using test::StepAttempt;
using test::Teams;
using test::work_on;

BOOST_AUTO_TEST_SUITE(team_import_run)

BOOST_FIXTURE_TEST_CASE(a_dry_run_rests_until_it_is_committed, Teams) {
  const auto job = queue("team,name,email\nBlue,Ann,ann@example.com\n", true);
  for (int resumed = 0; resumed < 2; ++resumed) {
    BOOST_TEST(run(job));
    BOOST_TEST(text("SELECT CONCAT(state, ' ', phase) FROM jobs WHERE id = " + std::to_string(job)) ==
               "paused review");
    BOOST_TEST(memberships().empty());
    BOOST_TEST(rows(job).size() == 1u);
  }
  commit(job);
  BOOST_TEST(run(job));
  BOOST_TEST(memberships().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_commit_that_finds_other_teams_is_refused_and_says_so, Teams) {
  const auto reviewed = queue("team,name,email\nBlue,Ann,ann@example.com\n", true);
  run(reviewed);
  commit(reviewed);
  run(queue("team,name,email\nBlue,Ann,ann@example.com\n"));
  BOOST_TEST(run(reviewed));  // finds other teams, checks, rests again
  BOOST_TEST(text("SELECT state FROM jobs WHERE id = " + std::to_string(reviewed)) == "paused");
  BOOST_TEST(text("SELECT detail FROM job_events WHERE event = 'commit_refused' AND job_id = " +
                  std::to_string(reviewed)) == R"({"code":"team.changed"})");
  BOOST_TEST(team_import(reviewed).commit_refused.value() == "team.changed");
  BOOST_TEST(team_import(reviewed).dry_run);
  BOOST_TEST(team_import(reviewed).counts.unchanged == 1u);
  BOOST_TEST(team_import(reviewed).counts.created == 0u);
  BOOST_TEST(team_import(reviewed).counts.total == 1u);
  commit(reviewed);
  BOOST_TEST(run(reviewed));
  BOOST_TEST(team_import(reviewed).applied);
  BOOST_TEST(!team_import(reviewed).commit_refused.has_value());
  BOOST_TEST(memberships().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(how_long_a_batch_is_decides_nothing, Teams) {
  const char* seeded = std::getenv("SLUICE_SEED");
  const unsigned seed = seeded != nullptr ? static_cast<unsigned>(std::atoi(seeded)) : std::random_device{}();
  BOOST_TEST_MESSAGE("SLUICE_SEED=" << seed);
  std::mt19937 random(seed);
  const auto pick = [&](std::initializer_list<const char*> of) {
    return std::string(of.begin()[random() % of.size()]);
  };
  run(queue("team,name,email,role\nRed,Ann,a@x.org,admin\nGreen,Ann,a@x.org,\nRed,Bob,b@x.org,viewer\n"));
  std::string file = "team,name,email,role\n";
  for (int i = 0; i < 120; ++i) {
    file += pick({"Red", "red", "Blue", "BLUE", "Green", "Violet", "Violets"}) + "," +
            pick({"Ann", "Bob", "Cid"}) + "," +
            pick({"a@x.org", "A@x.org", "b@x.org", "c@x.org", "d@x.org", "e@x", "f@x.org", "g@x.org"}) + "," +
            pick({"", "admin", "viewer", "boss"}) + "\n";
  }
  std::set<std::string> outcomes, created;
  for (const std::size_t length : {1, 2, 3, 7, 1000}) {
    rows_per_batch = length;
    const auto job = queue(file, true);
    run(job);
    std::string outcome;
    for (const db::TeamImportRow& row : rows(job)) outcome += row.status + row.errors.text() + "\n";
    outcomes.insert(outcome);
    const db::TeamCounts counts = team_import(job).counts;
    created.insert(std::to_string(counts.created) + " in " + std::to_string(counts.teams_created));
    BOOST_TEST(counts.total == 120u);
    // What the marks of first rows say, said by the whole set.
    BOOST_TEST(number("SELECT SUM(email_first) <=> COUNT(DISTINCT email_key) AND SUM(first_team_key IS NOT "
                      "NULL) <=> COUNT(DISTINCT team_key) FROM team_import_rows WHERE job_id = " +
                      std::to_string(job)) == 1u);
  }
  BOOST_TEST(outcomes.size() == 1u, "seed " << seed);
  BOOST_TEST(created.size() == 1u, "seed " << seed);
}

BOOST_FIXTURE_TEST_CASE(killed_at_any_commit_it_goes_on_to_the_same_teams, Teams) {
  rows_per_batch = 4;
  const std::string file = many_rows(21);
  run(queue(file));
  const auto expected = memberships();
  BOOST_TEST(expected.size() == 21u);
  for (int at = 1;; ++at) {
    Teams other;
    other.rows_per_batch = 4;
    const auto job = other.queue(file);
    StepAttempt first(other.connection, other.settings, job);
    first.dies_at_fence = at;
    const bool settled = work_on(first, other.open());
    if (!settled) {
      BOOST_TEST(other.memberships().empty());
      BOOST_TEST(other.run(job));
    }
    BOOST_TEST(other.memberships() == expected, boost::test_tools::per_element());
    BOOST_TEST(other.team_import(job).counts.created == 21u);
    BOOST_TEST(other.team_import(job).counts.teams_created == 7u);
    if (settled) {
      BOOST_TEST(at > 7);
      break;
    }
  }
}

BOOST_FIXTURE_TEST_CASE(one_step_an_attempt_comes_to_the_same, Teams) {
  rows_per_batch = 5;
  const auto job = queue(many_rows(23));
  for (int attempts = 0; attempts < 100; ++attempts) {
    StepAttempt attempt(connection, settings, job);
    if (work_on(attempt, open(), 1)) break;
  }
  BOOST_TEST(memberships().size() == 23u);
  BOOST_TEST(team_import(job).counts.total == 23u);
}

BOOST_FIXTURE_TEST_CASE(a_replaced_holder_commits_nothing, Teams) {
  const auto job = queue("team,name,email\nBlue,Ann,ann@example.com\n");
  StepAttempt old(connection, settings, job);
  const auto work = open()(old);
  BOOST_TEST((work->step(old) == jobs::StepResult::more));
  BOOST_TEST(run(job));
  BOOST_CHECK_THROW(work->step(old), Error);
  BOOST_TEST(rows(job).size() == 1u);
  BOOST_TEST(memberships().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_check_leaves_nothing, Teams) {
  rows_per_batch = 2;
  const auto job = queue(many_rows(9));
  StepAttempt attempt(connection, settings, job);
  BOOST_TEST(!work_on(attempt, open(), 4));
  BOOST_TEST(!rows(job).empty());
  jobs::make_team_kind()->clean_up(connection, settings, attempt.job());
  BOOST_TEST(rows(job).empty());
  BOOST_TEST(memberships().empty());
}

BOOST_AUTO_TEST_SUITE_END()
