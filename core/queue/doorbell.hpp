// SPDX-License-Identifier: MIT
// Doorbell: the Redis stream `sluice:bell`. An entry is a hint that carries a job's uid; the truth is in MariaDB.
#pragma once
#include <memory>
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

  /// XADD. Never throws and never waits longer than 0.5 s: a lost ring costs a second (the reconciler rings again), not the job.
  void ring(const Uid& job) noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::queue
