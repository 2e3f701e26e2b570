// SPDX-License-Identifier: MIT
// How an attempt ends: what a step's error means, and the transition that follows from it and from people's
// wishes.
#pragma once
#include <chrono>
#include <string>

#include "core/base/error.hpp"
#include "core/db/connection.hpp"
#include "jobs/hold.hpp"
#include "jobs/shared.hpp"

namespace sluice::jobs {

struct Verdict {
  enum class What {
    settled,  ///< the work settled the job itself
    lost,     ///< it is another's now
    stopped,  ///< somebody wished so, or the process ends
    again,    ///< the connection or the transaction failed: go on from what is stored
    yield,    ///< no attempt: no space
    retry,    ///< one more attempt, later
    fail,     ///< for good
  };
  What what = What::settled;
  std::string code;
  std::string advice;  ///< for people
};

Verdict verdict_of(const Error& error);
/// Anything that is no Error is a defect of ours.
Verdict verdict_of_defect(const std::exception& error);

/// When a failed attempt may be repeated: base doubled with each attempt, at most `retry_most`, times 0.5
/// to 1.
std::chrono::milliseconds retry_delay(int attempt, const Times& times);

enum class Settled {
  done,      ///< the hold is over
  not_done,  ///< the job shall go on (a wish was taken back, or the verdict was `again`)
};

/// Makes the transition. Whatever the verdict, a cancel wins and a pause is obeyed where the job would run
/// again. Throws DatabaseError when MariaDB fails; then hold again and repeat.
Settled settle(db::Connection& connection, Hold& hold, const Verdict& verdict, Shared& shared);

}  // namespace sluice::jobs
