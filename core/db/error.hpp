// SPDX-License-Identifier: MIT
// What MariaDB or its client library says, as an Error.
#pragma once
#include <string>

#include "core/base/error.hpp"

namespace sluice::db {

/// Kinds: `db.unavailable` (the server is away; the connection is broken), `db.conflict` (1205, 1213, 1020:
/// roll back, repeat the transaction), `db.interrupted` (1317: KILL QUERY), `db.too_slow` (1969:
/// max_statement_time), all of kind unavailable; `db.duplicate` (1062) of kind conflict; else `db.statement`,
/// internal.
class DatabaseError : public Error {
 public:
  DatabaseError(unsigned number, std::string message);
  unsigned number() const { return number_; }  ///< the server's or client's error number
  bool is_client_side() const { return number_ >= 2000 && number_ < 3000; }

 private:
  unsigned number_;
};

}  // namespace sluice::db
