// SPDX-License-Identifier: MIT
// Slot: one thread that works on one job at a time, with a MariaDB connection of its own.
#pragma once
#include <optional>

#include "jobs/settle.hpp"
#include "jobs/shared.hpp"

namespace sluice::jobs {

class Slot {
 public:
  /// `index` counts from 0 within the runner.
  Slot(Shared& shared, int index) : shared_(shared), index_(index) {}
  /// The thread: returns when the runner stops and the job in hand, if any, is settled.
  void run();

 private:
  void work_off();
  /// A job whose memory is reserved, or nothing.
  std::optional<db::LeasedJob> claim();
  std::optional<db::LeasedJob> claim_of(const std::vector<job::JobKind>& kinds);
  /// Works on the job until the hold is over.
  void carry_out(db::LeasedJob job);
  Verdict work_on(Hold& hold);
  /// Settles; on MariaDB's failure holds again. Returns the job to go on with, or nothing when the hold is
  /// over.
  std::optional<db::LeasedJob> settle_or_go_on(std::shared_ptr<Hold> hold, Verdict verdict);
  /// Reconnects, waiting for MariaDB as long as the runner runs, and takes back what this slot holds.
  std::optional<db::LeasedJob> hold_again();
  /// Says so when the hold that was lost with its session is another's now.
  void note_if_replaced(Hold& hold);
  void end_old_session(std::uint64_t connection_id);
  /// A working connection; false when the runner stops before there is one.
  bool connect();
  db::Holder holder() const;
  /// After the end of a hold that was settled from outside: now nobody writes any more.
  void count_done(const Hold& hold);
  void let_go(const Hold& hold);

  Shared& shared_;
  const int index_;
  std::optional<db::Connection> connection_;
  bool unsure_ = false;  ///< a claim's COMMIT may have gone through without an answer
  int failures_ = 0;     ///< in a row, of the job in hand, without a checkpoint between
};

}  // namespace sluice::jobs
