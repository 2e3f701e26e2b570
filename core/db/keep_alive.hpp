// SPDX-License-Identifier: MIT
#pragma once
#include <chrono>

#include "core/db/connection.hpp"

namespace sluice::db {

/// Signs of life inside a transaction that has written and then works elsewhere: the server ends one that
/// hears nothing for 4 s (idle_write_transaction_timeout). Used by one thread.
class KeepAlive {
 public:
  explicit KeepAlive(Connection& connection) : connection_(connection) {}

  /// A statement, if the last sign is a second old; cheap else. Throws DatabaseError.
  void tick() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::seconds{1}) return;
    last_ = now;
    connection_.execute("DO 0");
  }

 private:
  Connection& connection_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace sluice::db
