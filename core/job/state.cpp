// SPDX-License-Identifier: MIT
#include "core/job/state.hpp"

#include <algorithm>
#include <iterator>

namespace sluice::job {
namespace {

// Every arrow of the machine, each a guarded UPDATE that must hit one row.
constexpr Transition kTransitions[] = {
    {State::queued, State::running, Mover::holder, Move::claim},        // epoch + 1
    {State::queued, State::paused, Mover::owner, Move::pause},          // at once
    {State::queued, State::cancelled, Mover::owner, Move::cancel},      // at once
    {State::running, State::running, Mover::holder, Move::checkpoint},  // and renewal
    {State::running, State::succeeded, Mover::holder, Move::succeed},   // want is not cancel
    {State::running, State::paused, Mover::holder, Move::pause},      // want = pause, or resting for a review
    {State::running, State::cancelled, Mover::holder, Move::cancel},  // want = cancel
    {State::running, State::queued, Mover::holder, Move::yield},      // SIGTERM, memory, disk: no attempt
    {State::running, State::queued, Mover::holder, Move::retry_later},   // attempt + 1, due later
    {State::running, State::failed, Mover::holder, Move::fail},          // for good, or attempts used up
    {State::running, State::queued, Mover::finder, Move::take_over},     // epoch + 1, crash_count + 1
    {State::running, State::paused, Mover::finder, Move::take_over},     // it was to pause
    {State::running, State::cancelled, Mover::finder, Move::take_over},  // it was to be cancelled
    {State::running, State::failed, Mover::finder, Move::take_over},     // it crashed its runner too often
    {State::running, State::paused, Mover::owner, Move::pause},          // team, phase apply: jobs.md 2.5
    {State::running, State::cancelled, Mover::owner, Move::cancel},      // the same
    {State::paused, State::queued, Mover::owner, Move::resume},
    {State::paused, State::cancelled, Mover::owner, Move::cancel},
    {State::failed, State::queued, Mover::owner, Move::retry},       // cursor kept
    {State::cancelled, State::queued, Mover::owner, Move::restart},  // from zero, run_no + 1
};

constexpr std::string_view kKindNames[] = {"import", "team", "export", "sweep"};
constexpr std::string_view kStateNames[] = {"queued",    "running", "paused",
                                            "succeeded", "failed",  "cancelled"};
constexpr std::string_view kWantNames[] = {"run", "pause", "cancel"};

template <typename E, std::size_t N>
std::optional<E> parse(const std::string_view (&names)[N], std::string_view name) {
  const auto* at = std::find(std::begin(names), std::end(names), name);
  if (at == std::end(names)) return std::nullopt;
  return static_cast<E>(at - std::begin(names));
}

}  // namespace

std::string_view name_of(JobKind kind) {
  return kKindNames[static_cast<int>(kind)];
}
std::string_view name_of(State state) {
  return kStateNames[static_cast<int>(state)];
}
std::string_view name_of(Want want) {
  return kWantNames[static_cast<int>(want)];
}
std::optional<JobKind> parse_kind(std::string_view name) {
  return parse<JobKind>(kKindNames, name);
}
std::optional<State> parse_state(std::string_view name) {
  return parse<State>(kStateNames, name);
}
std::optional<Want> parse_want(std::string_view name) {
  return parse<Want>(kWantNames, name);
}

bool is_legal(State from, State to, Mover mover) {
  return std::any_of(std::begin(kTransitions), std::end(kTransitions),
                     [&](const Transition& t) { return t.from == from && t.to == to && t.mover == mover; });
}

bool is_terminal(State state) {
  return state == State::succeeded || state == State::failed || state == State::cancelled;
}

std::string_view shown_state(State state, Want want, int attempt) {
  if (state == State::running && want == Want::pause) return "pausing";
  if (state == State::running && want == Want::cancel) return "cancelling";
  if (state == State::queued && attempt > 0) return "retrying";
  return name_of(state);
}

WishOutcome outcome_of_pause(State state, Want want) {
  switch (state) {
    case State::queued:
      return WishOutcome::move_now;
    case State::running:
      return want == Want::cancel  ? WishOutcome::impossible
             : want == Want::pause ? WishOutcome::already
                                   : WishOutcome::set_want;
    case State::paused:
      return WishOutcome::already;
    default:
      return WishOutcome::impossible;
  }
}

WishOutcome outcome_of_resume(State state, Want want) {
  switch (state) {
    case State::queued:
      return WishOutcome::already;
    case State::running:
      return want == Want::cancel ? WishOutcome::impossible
             : want == Want::run  ? WishOutcome::already
                                  : WishOutcome::set_want;
    case State::paused:
      return WishOutcome::move_now;
    default:
      return WishOutcome::impossible;
  }
}

WishOutcome outcome_of_cancel(State state, Want want) {
  switch (state) {
    case State::queued:
    case State::paused:
      return WishOutcome::move_now;
    case State::running:
      return want == Want::cancel ? WishOutcome::already : WishOutcome::set_want;
    case State::cancelled:
      return WishOutcome::already;
    default:
      return WishOutcome::impossible;
  }
}

WishOutcome outcome_of_retry(State state, Want) {
  switch (state) {
    case State::failed:
    case State::cancelled:
      return WishOutcome::move_now;
    case State::queued:
      return WishOutcome::already;
    default:
      return WishOutcome::impossible;
  }
}

}  // namespace sluice::job
