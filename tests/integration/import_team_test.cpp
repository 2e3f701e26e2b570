// SPDX-License-Identifier: MIT
// Imports by two loaders, killed and stopped at every commit.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "core/base/error.hpp"
#include "jobs/imports/work.hpp"
#include "tests/integration/import_fixture.hpp"

using namespace sluice;
using test::expected_rows;
using test::table;

namespace {

/// Small blocks, batches and counts, and two loaders whatever else the test's database says is running.
const imports::Pace kTwo{2000, 1, 1'000'000, 400, 300};

struct TeamFixture : test::ImportFixture {
  /// One attempt; `at_fence` is called before the fence of each commit.
  bool attempt(const Job& job, std::function<void(test::TestAttempt&)> at_fence) {
    test::TestAttempt held(connection, settings, job.job);
    held.before_fence = [&] { at_fence(held); };
    imports::ImportWork work(kTwo);
    while (work.step(held) == jobs::StepResult::more) {
    }
    return true;
  }

  void check(const Job& job, int rows_written) {
    BOOST_TEST(state_of(job) == "succeeded");
    BOOST_TEST((rows(dataset_of(job)) == expected_rows(rows_written)));
    const auto row = import_row(job);
    BOOST_TEST(row.records == static_cast<std::uint64_t>(rows_written + 1));
    BOOST_TEST(row.loaded + row.rejected + row.skipped == row.records);
    BOOST_TEST(number("SELECT COUNT(*) FROM rejects WHERE import_id = " + std::to_string(job.import.id)) ==
               row.rejected);
  }

  std::uint64_t parts_of(const Job& job) {
    return number("SELECT JSON_LENGTH(cursor_json, '$.parts') FROM jobs WHERE id = " +
                  std::to_string(job.job.id));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(import_team, TeamFixture)

BOOST_AUTO_TEST_CASE(two_loaders_killed_before_any_commit_every_row_is_there_once) {
  const std::string csv = table(4000);
  for (int kill_at = 1;; ++kill_at) {
    const auto job = queue(upload(csv, "killed-" + std::to_string(kill_at)));
    int fences = 0;
    try {
      attempt(job, [&](test::TestAttempt&) {
        if (++fences == kill_at) throw test::Killed{};
      });
      BOOST_TEST(kill_at > 10);  // assemble, detect, target, five batches of each half, verify, publish
      BOOST_TEST(parts_of(job) == 2u);
      check(job, 4000);
      break;
    } catch (const test::Killed&) {
    }
    attempt(job, [](test::TestAttempt&) {});
    check(job, 4000);
  }
}

BOOST_AUTO_TEST_CASE(the_second_loader_is_known_while_it_works) {
  const auto job = queue(upload(table(4000)));
  int most = 0, last = -1;
  attempt(job, [&](test::TestAttempt& held) {
    last = held.beside;
    most = std::max(most, last);
  });
  BOOST_TEST(most == 1);
  BOOST_TEST(last == 0);  // at the publication
  check(job, 4000);
}

BOOST_AUTO_TEST_CASE(two_loaders_stopped_at_any_commit_go_on_from_there) {
  const auto job = queue(upload(table(4000)));
  int stops = 0;
  for (bool ended = false; !ended;) {
    int fences = 0;
    try {
      ended = attempt(job, [&](test::TestAttempt& held) {
        if (++fences >= 2) held.stop = true;
      });
    } catch (const jobs::Stopped&) {
      ++stops;
    }
  }
  BOOST_TEST(stops >= 3);
  check(job, 4000);
}

BOOST_AUTO_TEST_CASE(what_two_began_one_ends) {
  const auto job = queue(upload(table(4000)));
  int fences = 0;
  BOOST_CHECK_THROW(attempt(job,
                            [&](test::TestAttempt&) {
                              if (++fences == 6) throw test::Killed{};
                            }),
                    test::Killed);
  run(job);
  check(job, 4000);
}

BOOST_AUTO_TEST_CASE(the_failure_of_one_loader_ends_both_and_is_the_reason) {
  std::string csv = "id,n\n";
  for (int i = 0; i < 3000; ++i) csv += std::to_string(i) + (i == 2900 ? ",x\n" : ",1\n");
  const auto job = queue(
      upload(csv), Json::object({{"on_reject", Json::object({{"all_or_nothing", true}})},
                                 {"columns", Json::array({Json::object({{"index", 1}, {"type", "int"}})})}}));
  BOOST_CHECK_EXCEPTION(attempt(job, [](test::TestAttempt&) {}), Error,
                        [](const Error& error) { return error.code() == "import.too_many_rejects"; });
}

BOOST_AUTO_TEST_SUITE_END()
