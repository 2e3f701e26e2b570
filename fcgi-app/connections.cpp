// SPDX-License-Identifier: MIT
#include "fcgi-app/connections.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace sluice::fcgi {
namespace {

/// A session unused for longer is asked whether it still lives: the server may have been restarted since.
constexpr std::chrono::seconds kAskAfter{1};
constexpr std::chrono::seconds kWaitForFree{10};

}  // namespace

db::Connection& LazyConnection::get() {
  const auto now = BootClock::now();
  if (!connection_) {
    db::ConnectionOptions options = db::options_for(config_, config_.db_web);
    options.statement_timeout = config_.statement_timeout;
    // The server is to end a slow statement, not this side: a session whose answer nobody awaits is lost.
    options.read_timeout =
        std::max(options.read_timeout, config_.statement_timeout + std::chrono::seconds(2));
    options.short_idle_transactions = true;  // a stopped worker must not keep the lock on space
    connection_ = std::make_unique<db::Connection>(options);
  } else if (!connection_->is_broken() && now - used_at_ > kAskAfter) {
    try {
      connection_->run("DO 0");
    } catch (const db::DatabaseError& error) {
      if (!connection_->is_broken()) throw;
    }
  }
  connection_->ensure();
  used_at_ = now;
  return *connection_;
}

SharedConnections::SharedConnections(const Config& config, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) free_.push_back(std::make_unique<LazyConnection>(config));
}

void SharedConnections::with(const std::function<void(db::Connection&)>& work) {
  std::unique_ptr<LazyConnection> lent;
  {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, kWaitForFree, [&] { return !free_.empty(); }))
      throw Error(Kind::unavailable, "db.unavailable", "all connections of the pool are in use");
    lent = std::move(free_.back());
    free_.pop_back();
  }
  struct GiveBack {
    SharedConnections& pool;
    std::unique_ptr<LazyConnection>& lent;
    ~GiveBack() {
      const std::lock_guard lock(pool.mutex_);
      pool.free_.push_back(std::move(lent));
      pool.freed_.notify_one();
    }
  } give_back{*this, lent};
  work(lent->get());
}

}  // namespace sluice::fcgi
