// SPDX-License-Identifier: MIT
// Transaction: begun in the constructor, rolled back in the destructor unless committed.
#pragma once
#include "core/db/connection.hpp"

namespace sluice::db {

class Transaction {
 public:
  /// START TRANSACTION. Transactions do not nest: a second one on a connection throws internal.
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Throws DatabaseError; when that is `db.unavailable`, whether the commit took effect must be read anew.
  void commit();
  void rollback() noexcept;
  Connection& connection() { return connection_; }
  operator Connection&() { return connection_; }

 private:
  Connection& connection_;
  bool open_ = true;
};

/// Repeats `work` (which opens its own Transaction) while it ends in `db.conflict`: 5 times, 10 ms·2^n with
/// jitter.
void with_retry(const std::function<void()>& work);

}  // namespace sluice::db
