// SPDX-License-Identifier: MIT
// Doorbell: the Redis stream `sluice:bell`. An entry is a hint that carries a job's uid; the truth is in
// MariaDB.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "core/base/config.hpp"
#include "core/base/uid.hpp"

namespace sluice::queue {

/// The side that rings; for any thread (it locks). Connects lazily, backs off while Redis is away.
class Doorbell {
 public:
  explicit Doorbell(const Config& config);
  ~Doorbell();
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;

  /// XADD. Never throws and never waits longer than 0.5 s: a lost ring costs a second (the reconciler rings
  /// again), not the job.
  void ring(const Uid& job) noexcept;

  /// How Redis stands, for /readyz and the reconciler.
  struct Health {
    bool answers = false;
    std::uint64_t waiting = 0;  ///< entries that nobody took yet, or that are about to be deleted
    bool may_evict = false;     ///< maxmemory_policy is not noeviction: rings may vanish
  };
  Health health() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The side that listens, as a member of the group `runners`; for one thread. Entries are taken without
/// acknowledgement (NOACK) and deleted by forget(): a ring that dies with its runner is rung again by the
/// reconciler, since `bell_at` is cleared by the claim only.
class BellListener {
 public:
  BellListener(const Config& config, std::string consumer);
  ~BellListener();
  BellListener(const BellListener&) = delete;
  BellListener& operator=(const BellListener&) = delete;

  struct Heard {
    std::size_t rings = 0;
    bool emptied =
        false;          ///< the stream or its group was gone (FLUSHALL, first start): all rings may be lost
    bool away = false;  ///< Redis cannot be reached: look into MariaDB instead
  };
  /// Waits up to `block` for rings and takes at most `most`. Ends early when `stop_fd` becomes readable.
  /// While Redis is away it returns at once; the caller paces itself.
  Heard wait(std::size_t most, std::chrono::milliseconds block, int stop_fd);
  /// Deletes what wait() took, without waiting for it: call it when those whom the rings are for have been
  /// woken, and also when nobody is woken any more.
  void forget() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::queue
