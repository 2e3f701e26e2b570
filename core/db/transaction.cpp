// SPDX-License-Identifier: MIT
#include "core/db/transaction.hpp"

#include <algorithm>
#include <random>
#include <thread>

#include "core/base/log.hpp"

namespace sluice::db {

Transaction::Transaction(Connection& connection) : connection_(connection) {
  if (connection.in_transaction_)
    throw Error(Kind::internal, "db.nested_transaction", "a transaction is open already");
  connection_.run("START TRANSACTION");
  connection_.in_transaction_ = true;
}

Transaction::~Transaction() {
  rollback();
}

void Transaction::commit() {
  if (!open_) throw Error(Kind::internal, "db.closed_transaction", "the transaction has ended already");
  try {
    connection_.run("COMMIT");
  } catch (...) {
    rollback();
    throw;
  }
  open_ = false;
  connection_.in_transaction_ = false;
}

void Transaction::rollback() noexcept {
  if (!open_) return;
  open_ = false;
  connection_.in_transaction_ = false;
  connection_.settle_in_any_case();
  if (connection_.is_broken()) return;  // the server rolls back what a lost session left
  try {
    connection_.run("ROLLBACK");
  } catch (const std::exception& error) {
    connection_.broken_ = true;  // whatever is left of it, nobody goes on with this session
    log_warning("rollback failed", {{"detail", error.what()}});
  }
}

void with_retry(const std::function<void()>& work) {
  constexpr int kTries = 5;
  constexpr int kFirstMs = 10;
  thread_local std::minstd_rand random{std::random_device{}()};
  for (int failed = 0;; ++failed) {
    try {
      return work();
    } catch (const DatabaseError& error) {
      if (error.code() != "db.conflict" || failed + 1 >= kTries) throw;
      const int most_ms = kFirstMs << failed;
      std::this_thread::sleep_for(
          std::chrono::milliseconds(std::uniform_int_distribution<int>(most_ms / 2, most_ms)(random)));
    }
  }
}

}  // namespace sluice::db
