// SPDX-License-Identifier: MIT
// Hold: one runner's hold on a job, as the slot's thread (through Attempt) and the watching threads see it.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/unique_fd.hpp"
#include "core/db/job_lease_table.hpp"
#include "core/job/progress.hpp"
#include "jobs/job.hpp"

namespace sluice::jobs {

JobRecord record_of(const db::LeasedJob& job);

class Hold final : public Attempt {
 public:
  /// `stopping` is the process's: true once it has been told to stop.
  Hold(const db::LeasedJob& job, const Config& config, db::Connection& connection, std::string holder,
       const std::atomic<bool>& stopping);

  // --- Attempt: the slot's thread ---
  const JobRecord& job() const override { return job_; }
  const Config& config() const override { return config_; }
  db::Connection& connection() override { return connection_; }
  bool stop_requested() const override;
  void move_cursor(db::Transaction& transaction, const Json& cursor, const Progress& progress) override;
  void succeed(db::Transaction& transaction, const Json& result) override;
  void rest_for_review(db::Transaction& transaction, const Json& cursor, const Progress& progress) override;
  void report(const Progress& progress) override;
  void set_interruptible(bool on) override { interruptible_ = on; }
  void add_connection(db::Connection& connection) override;
  void remove_connection(const db::Connection& connection) override;

  // --- any thread ---
  const db::Lease& lease() const { return lease_; }
  /// Of the slot's own connection.
  std::uint64_t connection_id() const { return working_.id; }
  /// Of all connections that work for the attempt.
  std::vector<std::uint64_t> connection_ids() const;
  job::Want want() const { return want_; }
  /// Takes a wish over unless a newer one is known.
  void set_want(job::Want want, std::uint32_t want_seq);
  bool is_interruptible() const { return interruptible_; }
  /// Progress that was reported since the last call, with rates.
  std::optional<db::StoredProgress> take_reported();
  /// The lease was renewed just now.
  void touch();
  /// Stops the work when the lease has not been renewed for so long that a finder may take it over.
  void check_freshness();
  bool is_stale() const { return stale_; }
  bool has_checkpointed() const { return checkpointed_; }
  /// What the job had done when it succeeded, and how long this attempt had lasted; nothing before that.
  struct Done {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    double seconds = 0;
  };
  std::optional<Done> done() const;
  /// The work has stopped and its slot settles: nothing is to be killed any more.
  void set_settling() { settling_ = true; }
  bool is_settling() const { return settling_; }
  /// Another thread settles the job, or has done so: the work is to end, and that it is fenced is no news.
  void set_settled_outside(bool on) { settled_outside_ = on; }
  bool is_settled_outside() const { return settled_outside_; }
  /// The job shall be queued again because this process holds too much memory.
  void ask_to_make_room() { makes_room_ = true; }
  bool makes_room() const { return makes_room_; }
  /// Ends the working connections below the library, for threads that wait for a server that is gone. Any
  /// thread: the sockets are duplicates.
  void cut_connections() const;

  /// Bookkeeping of the control thread: since when it wants a stop, and when it may do something about it
  /// again.
  struct Pressure {
    BootClock::time_point since;
    BootClock::time_point next;
  };
  std::optional<Pressure> pressure;

 private:
  /// What may be known of a connection outside of its own thread.
  struct Working {
    explicit Working(db::Connection& connection);
    const db::Connection* connection;
    std::uint64_t id;
    UniqueFd socket;  ///< a duplicate
  };

  db::StoredProgress with_rates(const Progress& progress);
  [[noreturn]] void raise_unheld(db::Connection& connection);

  JobRecord job_;
  db::Lease lease_;
  const Config& config_;
  db::Connection& connection_;
  const Working working_;
  const std::atomic<bool>& stopping_;
  std::atomic<job::Want> want_;
  std::atomic<bool> stale_{false};
  std::atomic<bool> interruptible_{false};
  std::atomic<bool> checkpointed_{false};
  std::atomic<bool> settling_{false};
  std::atomic<bool> settled_outside_{false};
  std::atomic<bool> makes_room_{false};
  std::atomic<BootClock::rep> touched_at_;

  mutable std::mutex mutex_;  // of what follows
  std::vector<Working> beside_;
  std::uint32_t want_seq_;
  job::RateMeter rates_;
  const BootClock::time_point begun_ = BootClock::now();
  Done so_far_;
  bool succeeded_ = false;
  std::optional<Progress> reported_;
};

/// The holds of a runner's slots.
class Board {
 public:
  void put(std::shared_ptr<Hold> hold);
  void remove(const Hold& hold);
  std::vector<std::shared_ptr<Hold>> all() const;
  /// The newest hold on the job: a slot that was settled from outside may still be letting go of an older
  /// one.
  std::shared_ptr<Hold> find(const Uid& job) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Hold>> holds_;
};

/// Gives each hold its job's wish as it is in the database. Throws DatabaseError.
void read_wishes(db::Connection& connection, const std::vector<std::shared_ptr<Hold>>& holds);

}  // namespace sluice::jobs
