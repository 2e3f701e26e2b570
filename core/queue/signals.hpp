// SPDX-License-Identifier: MIT
// Signals: the Redis channel `sluice:control`, on which a changed `want` is on its way to the runner that
// holds the job.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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

  /// PUBLISH "<uid> <want> <want_seq>". Never throws; a lost one is made good by the renewal of the lease
  /// (<= 2 s), and while Redis is away by the runners' looks (0.5 s).
  void publish(const Uid& job, job::Want want, std::uint32_t want_seq) noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct Signal {
  Uid job;
  job::Want want = job::Want::run;
  std::uint32_t want_seq = 0;  ///< of two signals the greater counts
};

std::string signal_text(const Signal& signal);
/// Nothing when it is not one of ours.
std::optional<Signal> parse_signal(std::string_view text);

/// The side of the runners; for one thread. Subscribes (again) when needed.
class SignalListener {
 public:
  explicit SignalListener(const Config& config);
  ~SignalListener();
  SignalListener(const SignalListener&) = delete;
  SignalListener& operator=(const SignalListener&) = delete;

  /// The next signal; nothing after `within`, when `stop_fd` becomes readable, or while Redis is away (then
  /// it has waited, too, but not longer than `within`). Never throws.
  std::optional<Signal> next(std::chrono::milliseconds within, int stop_fd);
  /// Not subscribed: wishes must be looked for in MariaDB.
  bool is_deaf() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::queue
