// SPDX-License-Identifier: MIT
// What the threads of one runner process share: little, and each part says how.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/config.hpp"
#include "core/base/unique_fd.hpp"
#include "core/db/connection.hpp"
#include "core/db/runner_table.hpp"
#include "core/queue/doorbell.hpp"
#include "jobs/counters.hpp"
#include "jobs/hold.hpp"
#include "jobs/job.hpp"
#include "jobs/memory_budget.hpp"

namespace sluice::jobs {

/// Intervals; tests shorten some of them.
struct Times {
  std::chrono::milliseconds renew{1500};
  std::chrono::milliseconds reconcile{1000};
  std::chrono::milliseconds lease{6000};  ///< how long a finder watches an unchanged lease
  std::chrono::milliseconds poll{500};    ///< of MariaDB while Redis is away
  std::chrono::milliseconds clean_up{2000};
  std::chrono::milliseconds beat{5000};
  std::chrono::milliseconds housekeeping{60000};  ///< recount of the owners' loads
  std::chrono::milliseconds sweep_look{15000};    ///< how often each runner asks whether a sweep is due
  std::chrono::seconds sweep_every{30};           ///< what was undone shall be gone within a minute
  std::chrono::milliseconds no_room{30000};    ///< a job that found no space or memory is due again after it
  std::chrono::milliseconds retry_base{1000};  ///< doubled with each attempt
  std::chrono::milliseconds retry_most{300000};
};

struct RunnerOptions {
  std::string name;  ///< runner_00; in the history of jobs
  int slots = 5;
  int first_slot = 0;  ///< number of its first slot on this host
  bool quarantine = false;
  Times times;
};

/// Readable (for poll) once set; stays so.
class StopSignal {
 public:
  StopSignal();
  void set();
  bool is_set() const { return flag_.load(std::memory_order_relaxed); }
  const std::atomic<bool>& flag() const { return flag_; }
  int fd() const { return fd_.get(); }
  /// Waits; true when it was set meanwhile.
  bool wait_for(std::chrono::milliseconds time) const;

 private:
  std::atomic<bool> flag_{false};
  UniqueFd fd_;
};

/// Between the dispatcher, which hears rings, and the slots, which sleep until there may be work.
class Wakeups {
 public:
  /// A slot is free and waits; false when the runner stops.
  bool wait_for_work();
  /// Wakes up to `slots` free ones.
  void wake(std::size_t slots);
  /// Waits until a slot is free and not woken yet, and says how many; 0 when the runner stops.
  std::size_t wait_for_free_slot();
  void stop();

 private:
  std::mutex mutex_;
  std::condition_variable work_;       // for slots
  std::condition_variable free_slot_;  // for the dispatcher
  std::size_t free_ = 0;
  std::size_t woken_ = 0;
  bool stopped_ = false;
};

struct Shared {
  Shared(const Config& c, RunnerOptions o, const Kinds& k)
      : config(c), options(std::move(o)), kinds(k), doorbell(c), memory(c.job_memory) {}

  const Config& config;
  const RunnerOptions options;
  const Kinds& kinds;
  db::RunnerIdentity identity;            ///< of slot 0; written before the threads start
  std::vector<std::uint64_t> runner_ids;  ///< per slot; written before the threads start
  queue::Doorbell doorbell;
  Counters counters;
  MemoryBudget memory;
  Board board;
  Wakeups wakeups;
  StopSignal stop;        ///< the process shall end: slots yield
  StopSignal slots_done;  ///< all slots have ended: the watching threads may
  std::atomic<bool> redis_away{false};
  std::atomic<bool> bells_lost{false};  ///< the stream was emptied: ring for all that is queued

  /// Options of a watching thread's connection: it waits shorter than a slot's (slot_options).
  db::ConnectionOptions watcher_options() const;
};

/// Calls `turn` with a working connection each `every` until `until` is set. MariaDB being away is waited
/// out.
template <typename Turn>
void repeat(db::ConnectionOptions options, const StopSignal& until, std::chrono::milliseconds every,
            const char* what, Turn turn);

}  // namespace sluice::jobs

#include "jobs/repeat.hpp"
