// SPDX-License-Identifier: MIT
// Pool: the threads of one process that answer requests from one listen socket, and how they stop.
#pragma once
#include <pthread.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/base/config.hpp"
#include "core/base/unique_fd.hpp"
#include "core/queue/doorbell.hpp"
#include "core/queue/signals.hpp"
#include "fcgi-app/fcgi_request.hpp"
#include "fcgi-app/operation/request_counts.hpp"
#include "fcgi-app/services.hpp"
#include "fcgi-app/syncer.hpp"
#include "fcgi-app/turnstile.hpp"

namespace sluice::fcgi {

enum class PoolKind {
  web,     ///< all that is short; each thread has its own connection
  stream,  ///< bodies that nginx does not buffer; many threads share a few connections
};

class Pool {
 public:
  /// `listen_fd` is made non-blocking; it stays the caller's.
  Pool(const Config& config, PoolKind kind, int listen_fd);
  ~Pool();  ///< stop()
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void start();
  /// Lets requests in hand be finished and the bytes of running bodies be kept; returns when all threads have
  /// ended.
  void stop();

 private:
  void run();
  /// Waits for a connection and takes it, with a place for its request.
  bool accept(FcgiRequest& request, std::optional<Turnstile::Place>& place);
  void serve(FcgiRequest& request, Services& services);

  const Config& config_;
  const PoolKind kind_;
  const int listen_fd_;
  UniqueFd stop_event_;
  UniqueFd waiting_;  ///< epoll: the listen socket and stop_event_
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> running_{0};
  std::mutex accepting_;
  Turnstile turnstile_;
  queue::Doorbell doorbell_;
  queue::Signals signals_;
  Syncer syncer_;
  operation::RequestCounts requests_;
  std::unique_ptr<ConnectionSource> shared_connections_;
  std::vector<pthread_t> threads_;
};

}  // namespace sluice::fcgi
