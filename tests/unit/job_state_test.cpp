// SPDX-License-Identifier: MIT
// The whole matrix: what is not listed here is illegal.
#include <boost/test/unit_test.hpp>
#include <set>
#include <tuple>

#include "core/job/state.hpp"

using namespace sluice::job;

BOOST_AUTO_TEST_SUITE(job_state)

BOOST_AUTO_TEST_CASE(exactly_these_transitions_are_legal) {
  using S = State;
  using M = Mover;
  const std::set<std::tuple<S, S, M>> legal = {
      {S::queued, S::running, M::holder},    {S::queued, S::paused, M::owner},
      {S::queued, S::cancelled, M::owner},   {S::running, S::running, M::holder},
      {S::running, S::succeeded, M::holder}, {S::running, S::paused, M::holder},
      {S::running, S::cancelled, M::holder}, {S::running, S::queued, M::holder},
      {S::running, S::failed, M::holder},    {S::running, S::queued, M::finder},
      {S::running, S::paused, M::finder},    {S::running, S::cancelled, M::finder},
      {S::running, S::failed, M::finder},    {S::running, S::paused, M::owner},
      {S::running, S::cancelled, M::owner},  {S::paused, S::queued, M::owner},
      {S::paused, S::cancelled, M::owner},   {S::failed, S::queued, M::owner},
      {S::cancelled, S::queued, M::owner}};
  for (const S from : kStates)
    for (const S to : kStates)
      for (const M mover : {M::owner, M::holder, M::finder})
        BOOST_TEST(is_legal(from, to, mover) == (legal.count({from, to, mover}) == 1),
                   name_of(from) << " to " << name_of(to) << " by " << static_cast<int>(mover));
}

BOOST_AUTO_TEST_CASE(a_cancel_is_never_taken_back) {
  BOOST_TEST((outcome_of_pause(State::running, Want::cancel) == WishOutcome::impossible));
  BOOST_TEST((outcome_of_resume(State::running, Want::cancel) == WishOutcome::impossible));
  BOOST_TEST((outcome_of_cancel(State::running, Want::pause) == WishOutcome::set_want));
}

BOOST_AUTO_TEST_CASE(names_are_read_back) {
  for (const State state : kStates) BOOST_TEST((parse_state(name_of(state)) == state));
  for (const Want want : {Want::run, Want::pause, Want::cancel})
    BOOST_TEST((parse_want(name_of(want)) == want));
  BOOST_TEST(!parse_state("pausing").has_value());
}

BOOST_AUTO_TEST_CASE(wishes_are_shown_as_wishes) {
  BOOST_TEST(shown_state(State::running, Want::pause, 0) == "pausing");
  BOOST_TEST(shown_state(State::running, Want::cancel, 0) == "cancelling");
  BOOST_TEST(shown_state(State::queued, Want::run, 1) == "retrying");
  BOOST_TEST(shown_state(State::queued, Want::run, 0) == "queued");
}

BOOST_AUTO_TEST_SUITE_END()
