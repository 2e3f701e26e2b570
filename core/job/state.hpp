// SPDX-License-Identifier: MIT
// States of a job, the wishes that people have of it, and THE table of legal transitions. No I/O.
// `retrying`, `pausing` and `cancelling` are shown, never stored: a wish is not a fact.
#pragma once
#include <optional>
#include <string_view>

namespace sluice::job {

enum class JobKind { imports, team, exports, sweep };
enum class State { queued, running, paused, succeeded, failed, cancelled };
enum class Want { run, pause, cancel };

inline constexpr State kStates[] = {State::queued,    State::running, State::paused,
                                    State::succeeded, State::failed,  State::cancelled};

std::string_view name_of(JobKind kind);  ///< as in SQL and JSON: "import", "team", "export", "sweep"
std::string_view name_of(State state);
std::string_view name_of(Want want);
std::optional<JobKind> parse_kind(std::string_view name);
std::optional<State> parse_state(std::string_view name);
std::optional<Want> parse_want(std::string_view name);

/// Who may make a transition.
enum class Mover {
  owner,   ///< the API, on behalf of the owner or an admin
  holder,  ///< the runner whose epoch is the job's
  finder,  ///< any runner that found the lease dead
};

/// What a transition is for; two of them may lead from and to the same states.
enum class Move {
  claim,
  checkpoint,
  succeed,
  pause,
  cancel,
  yield,
  retry_later,
  fail,
  take_over,
  resume,
  retry,
  restart
};

struct Transition {
  State from;
  State to;
  Mover mover;
  Move move;
};

/// True if `mover` may take a job from `from` to `to`.
bool is_legal(State from, State to, Mover mover);

bool is_terminal(State state);  ///< succeeded, failed, cancelled

/// What people see: the state, or `retrying` (queued after an attempt), `pausing`, `cancelling` (running,
/// wish set).
std::string_view shown_state(State state, Want want, int attempt);

/// What the API does with a wish in a state (jobs.md 2.1).
enum class WishOutcome {
  set_want,    ///< running: `want` is written, the answer is 202
  move_now,    ///< no runner needed: the transition is made at once, 202
  already,     ///< it is so already: 200
  impossible,  ///< 409 that names the state
};
WishOutcome outcome_of_pause(State state, Want want);
WishOutcome outcome_of_resume(State state, Want want);
WishOutcome outcome_of_cancel(State state, Want want);
WishOutcome outcome_of_retry(State state, Want want);  ///< failed → queued; cancelled → queued from zero

}  // namespace sluice::job
