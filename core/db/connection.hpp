// SPDX-License-Identifier: MIT
// Connection: one connection to MariaDB, for one thread at a time. Reconnect is off (it would drop a
// transaction in silence), sql_mode strict, time zone UTC, READ COMMITTED, CLIENT_FOUND_ROWS, LOCAL INFILE
// off, deadlines set.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/config.hpp"
#include "core/db/error.hpp"
#include "core/db/result.hpp"
#include "core/db/value.hpp"

struct st_mysql;

namespace sluice::db {

struct ConnectionOptions {
  std::string socket;  ///< used when not empty, else host and port
  std::string host;
  std::uint16_t port = 3306;
  std::string database;
  std::string user;
  std::string password;
  std::chrono::seconds connect_timeout{3};
  std::chrono::seconds read_timeout{10};  ///< longer than the longest statement; 0 = none
  std::chrono::seconds write_timeout{10};
  /// A stopped holder must not keep row locks: its idle transaction ends after 4 s (jobs.md 2.4).
  bool short_idle_transactions = false;
  /// max_statement_time: a longer statement ends as `db.too_slow`; 0 = none.
  std::chrono::seconds statement_timeout{0};
};

/// From the settings, for the pools, the runners and the migrations.
ConnectionOptions options_for(const Config& config, const DatabaseUser& user);

class Connection {
 public:
  /// Connects; throws DatabaseError (`db.unavailable`).
  explicit Connection(ConnectionOptions options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// INSERT, UPDATE, DELETE and the like, prepared once a connection and kept. `sql` must be ours (a
  /// constant, or built of our own identifiers); data come as `values`. Throws DatabaseError. After any error
  /// inside a transaction the transaction must be rolled back (class Transaction does).
  Effect execute(std::string_view sql, std::initializer_list<Value> values = {}) {
    return execute(sql, std::span(values.begin(), values.size()));
  }
  Effect execute(std::string_view sql, std::span<const Value> values);

  /// SELECT: all rows at once, so for small results.
  Rows select(std::string_view sql, std::initializer_list<Value> values = {}) {
    return select(sql, std::span(values.begin(), values.size()));
  }
  Rows select(std::string_view sql, std::span<const Value> values);
  /// The first row, if any.
  std::optional<Row> select_one(std::string_view sql, std::initializer_list<Value> values = {});

  /// Statements that cannot be prepared or are used once (DDL, SET, KILL); no data in it.
  void run(std::string_view sql);

  /// The server's id of this connection, for KILL.
  std::uint64_t id() const;
  /// True after a client-side error: nothing works any more, reconnect() or throw it away.
  bool is_broken() const { return broken_; }
  /// A new session in place of the old one; prepared statements are forgotten. Throws DatabaseError.
  void reconnect();
  /// reconnect() if broken. What owners of long-lived connections call before each piece of work.
  void ensure();

  // For core/db only (bulk_insert, streams).

  st_mysql* handle();
  /// A statement is on its way, and `answer` takes what the server says of it; it is called before anything
  /// else is sent, and throws what it likes. Error internal `db.await` when another answer is awaited
  /// already.
  void await(std::function<void()> answer);
  /// Takes the answer that is still awaited, if there is one.
  void settle();
  /// The same before a rollback: whatever the answer is, it counts no more.
  void settle_in_any_case() noexcept;
  /// The same before whoever awaits the answer goes: what it throws is thrown by the next statement.
  void settle_for_later() noexcept;
  /// Raises what the library says of the handle, marking the connection broken when it is a client-side
  /// error.
  [[noreturn]] void raise(unsigned number, const char* message);

 private:
  friend class Transaction;
  struct Impl;
  std::unique_ptr<Impl> impl_;
  ConnectionOptions options_;
  bool broken_ = false;
  bool in_transaction_ = false;
  std::function<void()> awaited_;
};

/// For one thread: call before the first and after the last use of the library in a thread.
class ThreadScope {
 public:
  ThreadScope();
  ~ThreadScope();
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;
};

/// `name` in backticks, backticks doubled: for identifiers that are ours (ds_<id>, c<N>).
std::string quote_identifier(std::string_view name);

}  // namespace sluice::db
