// SPDX-License-Identifier: MIT
// What a handler may use: one per thread; the connection is the thread's own.
#pragma once
#include <functional>
#include <optional>
#include <utility>

#include "core/base/config.hpp"
#include "core/db/connection.hpp"
#include "core/queue/doorbell.hpp"
#include "core/queue/signals.hpp"

namespace sluice::fcgi {

/// Lends a connection. Pool web: the thread's own, always at hand. Pool stream: one of a few, only while
/// committing.
class ConnectionSource {
 public:
  virtual ~ConnectionSource() = default;
  /// Runs `work` with a connection that is not broken; throws Error unavailable `db.unavailable` when none is
  /// to be had.
  virtual void with(const std::function<void(db::Connection&)>& work) = 0;
};

class Syncer;
namespace operation {
class RequestCounts;
}

struct Services {
  const Config& config;
  ConnectionSource& connections;
  queue::Doorbell& doorbell;
  queue::Signals& signals;
  Syncer& syncer;
  operation::RequestCounts& requests;  ///< of all processes of this host, for /metrics
  bool connection_is_own = true;       ///< pool web: db() is the same session each time; pool stream: any

  /// The usual way: `services.db([&](db::Connection& db) { ... })`, returning what the work returns.
  template <typename Work>
  auto db(Work work) -> decltype(work(std::declval<db::Connection&>())) {
    using R = decltype(work(std::declval<db::Connection&>()));
    if constexpr (std::is_void_v<R>) {
      connections.with([&](db::Connection& connection) { work(connection); });
    } else {
      std::optional<R> result;
      connections.with([&](db::Connection& connection) { result.emplace(work(connection)); });
      return std::move(*result);
    }
  }
};

}  // namespace sluice::fcgi
