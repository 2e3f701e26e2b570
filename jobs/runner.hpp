// SPDX-License-Identifier: MIT
// Runner: one process' slots and the threads that watch over them.
#pragma once
#include <deque>
#include <thread>
#include <vector>

#include "jobs/shared.hpp"
#include "jobs/slot.hpp"
#include "jobs/slot_lock.hpp"

namespace sluice::jobs {

class Runner {
 public:
  /// The config and the kinds must outlive it.
  Runner(const Config& config, RunnerOptions options, const Kinds& kinds);
  /// Stops and joins.
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Takes the slots' locks, waits for MariaDB, takes over from dead predecessors, starts the threads. False
  /// when it was told to stop before MariaDB came. Throws Error conflict `runner.slot_taken`.
  bool start();
  /// No more claims; the jobs in hand yield at their next look (<= 2 s). Any thread, also from a signal's
  /// wait.
  void request_stop();
  /// Until all is settled and every thread has ended.
  void join();

 private:
  bool connect_and_register();
  void show_draining();

  Shared shared_;
  std::vector<SlotLock> locks_;
  std::deque<Slot> slots_;  // their threads point at them
  std::vector<std::thread> slot_threads_;
  std::vector<std::thread> watchers_;
};

}  // namespace sluice::jobs
