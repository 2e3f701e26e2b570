// SPDX-License-Identifier: MIT
// Signals: the Redis channel `sluice:control`, on which a changed `want` is on its way to the runner that holds the job.
#pragma once
#include <cstdint>
#include <memory>

#include "core/base/config.hpp"
#include "core/base/uid.hpp"
#include "core/job/state.hpp"

namespace sluice::queue {

class Signals {
 public:
  explicit Signals(const Config& config);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// PUBLISH "<uid> <want> <want_seq>". Never throws; a lost one is made good by the renewal of the lease (<= 2 s).
  void publish(const Uid& job, job::Want want, std::uint32_t want_seq) noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::queue
