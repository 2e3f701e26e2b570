// SPDX-License-Identifier: MIT
// What a kind of job must provide, and what the runner offers to it.
//
// A kind works in steps, each one commit: the effect and the moved cursor in the same transaction, the fence
// (an UPDATE of the job's row guarded by its epoch) last. So a killed runner has done a whole step or nothing
// of it, a runner that was replaced commits nothing, and a cancel never waits for a batch.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/config.hpp"
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"
#include "core/job/state.hpp"

namespace sluice::jobs {

/// A job's row as it was claimed.
struct JobRecord {
  std::uint64_t id = 0;
  Uid uid;
  std::uint64_t owner_id = 0;
  job::JobKind kind = job::JobKind::imports;
  Json params;
  std::optional<Json> cursor;  ///< where the next step starts; nothing at the first attempt
  std::optional<std::string> phase;
  std::uint64_t epoch = 0;
  int attempt = 0;
  int run_no = 1;  ///< raised by a restart from zero: whatever belongs to an older run is not ours
  std::string request_id;
};

/// What people see of a running job. Totals unknown: nothing.
struct Progress {
  std::string phase;
  std::uint64_t records_done = 0;
  std::optional<std::uint64_t> records_total;
  std::uint64_t bytes_done = 0;
  std::optional<std::uint64_t> bytes_total;
};

/// Thrown by Attempt::throw_if_stopped; only the runner catches it. The step's transaction rolls back on the
/// way.
struct Stopped {};

/// One runner's hold on a job.
class Attempt {
 public:
  virtual ~Attempt() = default;
  virtual const JobRecord& job() const = 0;
  virtual const Config& config() const = 0;
  /// The slot's working connection, READ COMMITTED, short idle write transactions.
  virtual db::Connection& connection() = 0;

  /// True once the job shall pause, be cancelled, or yield (SIGTERM, lost lease): an atomic, any thread, so
  /// ask it at least every 20 ms of work.
  virtual bool stop_requested() const = 0;
  void throw_if_stopped() const {
    if (stop_requested()) throw Stopped{};
  }

  /// The fence and the checkpoint; last statement of a step's transaction. Error lost `attempt.lost` when the
  /// job is not ours any more: let it pass.
  virtual void move_cursor(db::Transaction& transaction, const Json& cursor, const Progress& progress) = 0;
  /// Ends the job as succeeded, last statement of its last transaction. Throws Stopped when it is to be
  /// cancelled, Error lost when it is not ours.
  virtual void succeed(db::Transaction& transaction, const Json& result) = 0;
  /// The job rests as `paused` in phase `review` until somebody sends it on; cursor and progress are kept.
  virtual void rest_for_review(db::Transaction& transaction, const Json& cursor,
                               const Progress& progress) = 0;
  /// Progress between checkpoints (assembling, detecting): kept in memory, written by the next renewal of the
  /// lease.
  virtual void report(const Progress& progress) = 0;

  /// For a step that is one long transaction which cannot look up every 20 ms (the team's `apply`): while
  /// `on`, a pause, a cancel or a stop of the runner is settled at once by another thread (the epoch moves
  /// on, so this transaction's fence fails), and then this connection is killed. The step sees an Error of
  /// kind unavailable or lost and lets it pass. The cursor stays where the last checkpoint put it. Use
  /// Interruptible.
  virtual void set_interruptible(bool on) = 0;

  /// A connection that another thread works on for this attempt, until it is removed: a statement that is
  /// stuck there ends as one of connection() does. Any thread. Use WorksBeside.
  virtual void add_connection(db::Connection& connection) = 0;
  virtual void remove_connection(const db::Connection& connection) = 0;
};

/// Scope in which the attempt may be settled from outside.
class Interruptible {
 public:
  explicit Interruptible(Attempt& attempt) : attempt_(attempt) { attempt_.set_interruptible(true); }
  ~Interruptible() { attempt_.set_interruptible(false); }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  Attempt& attempt_;
};

/// Scope in which a second connection works for the attempt; it must not reconnect meanwhile.
class WorksBeside {
 public:
  WorksBeside(Attempt& attempt, db::Connection& connection) : attempt_(attempt), connection_(connection) {
    attempt_.add_connection(connection_);
  }
  ~WorksBeside() { attempt_.remove_connection(connection_); }
  WorksBeside(const WorksBeside&) = delete;
  WorksBeside& operator=(const WorksBeside&) = delete;

 private:
  Attempt& attempt_;
  db::Connection& connection_;
};

enum class StepResult {
  more,     ///< call step again
  settled,  ///< succeed() or rest_for_review() was committed
};

/// One job being worked on; made anew for every attempt, used by one thread.
class Work {
 public:
  virtual ~Work() = default;
  /// One step. Throws Error: unavailable and no_space are tried again later, lost ends in silence, all else
  /// fails the job with the error's code and advice.
  virtual StepResult step(Attempt& attempt) = 0;
};

/// One kind of job.
class Kind {
 public:
  virtual ~Kind() = default;
  virtual std::unique_ptr<Work> open(Attempt& attempt) = 0;
  /// The most that one job of this kind holds in memory, in bytes; reserved before it is claimed.
  virtual std::uint64_t memory_bytes() const { return 16u << 20; }
  /// Takes away what a cancelled job (or one that failed for good, before its history ends) left: rows,
  /// tables, files. Nothing of it was ever visible. Repeatable; deletes in small batches; called outside the
  /// 100 ms path.
  virtual void clean_up(db::Connection& connection, const Config& config, const JobRecord& job) = 0;
};

/// The kinds a runner knows; it claims no job of another kind. Immutable once the runner has started.
class Kinds {
 public:
  void add(job::JobKind name, std::unique_ptr<Kind> kind) {
    kinds_[static_cast<std::size_t>(name)] = std::move(kind);
  }
  /// The kind, or nullptr.
  Kind* find(job::JobKind name) const { return kinds_[static_cast<std::size_t>(name)].get(); }

 private:
  std::array<std::unique_ptr<Kind>, 4> kinds_;
};

/// All kinds of Sluice (jobs/kinds.cpp).
Kinds all_kinds();
std::unique_ptr<Kind> make_import_kind();  // jobs/imports/kind.cpp
std::unique_ptr<Kind> make_team_kind();    // jobs/teams/kind.cpp
std::unique_ptr<Kind> make_export_kind();  // jobs/exports/kind.cpp
/// jobs/sweep/kind.cpp; `others` clean up after jobs of theirs whose history ends.
std::unique_ptr<Kind> make_sweep_kind(Kinds others);

}  // namespace sluice::jobs
