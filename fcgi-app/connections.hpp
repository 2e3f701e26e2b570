// SPDX-License-Identifier: MIT
// Where handlers get their connection to MariaDB. A database that is away is no reason to end: each use tries
// again.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "core/base/clock.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi {

/// One connection and when it was used last; opened at its first use, mended before each one.
class LazyConnection {
 public:
  explicit LazyConnection(const Config& config) : config_(config) {}
  /// A session that works. Throws Error unavailable `db.unavailable`.
  db::Connection& get();

 private:
  const Config& config_;
  std::unique_ptr<db::Connection> connection_;
  BootClock::time_point used_at_{};
};

/// Pool web: a thread's own. Used by one thread.
class ThreadConnection : public ConnectionSource {
 public:
  explicit ThreadConnection(const Config& config) : connection_(config) {}
  void with(const std::function<void(db::Connection&)>& work) override { work(connection_.get()); }

 private:
  LazyConnection connection_;
};

/// Pool stream: a few for many threads, each lent for one piece of work. Thread-safe.
class SharedConnections : public ConnectionSource {
 public:
  SharedConnections(const Config& config, std::size_t count);
  /// Waits up to 10 s for a free one. Throws Error unavailable `db.unavailable`.
  void with(const std::function<void(db::Connection&)>& work) override;

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<LazyConnection>> free_;
};

}  // namespace sluice::fcgi
