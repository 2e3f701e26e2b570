// SPDX-License-Identifier: MIT
// A read-only transaction in which every statement sees the same moment (REPEATABLE READ, WITH CONSISTENT
// SNAPSHOT): for answers that take several statements and must not show half of another's commit.
#pragma once
#include "core/db/connection.hpp"

namespace sluice::db {

class Snapshot {
 public:
  /// The connection must not be in a transaction, and outlives this.
  explicit Snapshot(Connection& connection);
  ~Snapshot();  ///< ends it
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& connection_;
};

}  // namespace sluice::db
