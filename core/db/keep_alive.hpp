// SPDX-License-Identifier: MIT
#pragma once
#include "core/db/connection.hpp"

namespace sluice::db {

/// A sign of life inside a transaction that has written: the server ends one that hears nothing for 4 s
/// (idle_write_transaction_timeout). Throws DatabaseError.
inline void keep_alive(Connection& connection) {
  connection.execute("DO 0");
}

}  // namespace sluice::db
