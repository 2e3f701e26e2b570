// SPDX-License-Identifier: MIT
#include "core/db/snapshot.hpp"

#include "core/base/log.hpp"

namespace sluice::db {

Snapshot::Snapshot(Connection& connection) : connection_(connection) {
  connection_.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  connection_.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
}

Snapshot::~Snapshot() {
  if (connection_.is_broken()) return;
  try {
    connection_.execute("ROLLBACK");
  } catch (const std::exception& error) {
    log_warning("a snapshot could not be ended", {{"detail", error.what()}});
  }
}

}  // namespace sluice::db
