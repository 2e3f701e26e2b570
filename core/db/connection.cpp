// SPDX-License-Identifier: MIT
#include "core/db/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <exception>
#include <functional>
#include <map>
#include <utility>

#include "core/base/log.hpp"
#include "core/db/mariadb.hpp"
#include "core/db/statement.hpp"

namespace sluice::db {
namespace {

/// Statements kept prepared for one connection; beyond that all are dropped (identifiers of datasets vary).
constexpr std::size_t kMostPrepared = 200;

constexpr const char* kSession =
    "SET SESSION sql_mode='STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION', time_zone='+00:00', autocommit=1";
constexpr const char* kIsolation = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
/// A peer that vanished without a word (a host lost, a flow forgotten by a firewall) is noticed by the kernel
/// after 5 + 2 * 2 s. A unix socket has no such ends.
void notice_lost_peers(int socket) {
  const auto set = [socket](int level, int option, int value) {
    setsockopt(socket, level, option, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 5);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 2);
  set(IPPROTO_TCP, TCP_KEEPCNT, 2);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 9000);  // of what was sent, in ms
}

constexpr const char* kShortIdle = "SET SESSION idle_write_transaction_timeout=4, net_read_timeout=2";

}  // namespace

struct Connection::Impl {
  std::unique_ptr<MYSQL, Releaser<mysql_close>> mysql;
  // Declared after the handle so that they die first.
  std::map<std::string, std::unique_ptr<Statement>, std::less<>> prepared;
};

ConnectionOptions options_for(const Config& config, const DatabaseUser& user) {
  ConnectionOptions options;
  options.socket = config.db_socket;
  options.host = config.db_host;
  options.port = config.db_port;
  options.database = config.db_name;
  options.user = user.user;
  options.password = user.password;
  return options;
}

Connection::Connection(ConnectionOptions options)
    : impl_(std::make_unique<Impl>()), options_(std::move(options)) {
  reconnect();
}

Connection::~Connection() = default;

void Connection::reconnect() {
  settle_in_any_case();
  impl_->prepared.clear();
  impl_->mysql.reset(mysql_init(nullptr));
  in_transaction_ = false;
  broken_ = true;  // until all of the below is done
  MYSQL* mysql = impl_->mysql.get();
  if (mysql == nullptr) throw DatabaseError(CR_OUT_OF_MEMORY, "mysql_init");
  const unsigned off = 0;
  const my_bool no = 0;
  const auto connect_s = static_cast<unsigned>(options_.connect_timeout.count());
  const auto read_s = static_cast<unsigned>(options_.read_timeout.count());
  const auto write_s = static_cast<unsigned>(options_.write_timeout.count());
  mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &off);
  mysql_optionsv(mysql, MYSQL_OPT_RECONNECT, &no);
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
  if (read_s != 0) mysql_optionsv(mysql, MYSQL_OPT_READ_TIMEOUT, &read_s);
  if (write_s != 0) mysql_optionsv(mysql, MYSQL_OPT_WRITE_TIMEOUT, &write_s);
  mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const char* socket = options_.socket.empty() ? nullptr : options_.socket.c_str();
  const char* host = socket != nullptr ? "localhost" : options_.host.c_str();
  const char* database = options_.database.empty() ? nullptr : options_.database.c_str();
  if (mysql_real_connect(mysql, host, options_.user.c_str(), options_.password.c_str(), database,
                         options_.port, socket, CLIENT_FOUND_ROWS) == nullptr) {
    raise(mysql_errno(mysql), mysql_error(mysql));
  }
  if (socket == nullptr) notice_lost_peers(static_cast<int>(mysql_get_socket(mysql)));
  run(kSession);
  run(kIsolation);
  if (options_.short_idle_transactions) run(kShortIdle);
  if (options_.statement_timeout.count() != 0)
    run("SET SESSION max_statement_time=" + std::to_string(options_.statement_timeout.count()));
  broken_ = false;
}

void Connection::ensure() {
  if (broken_) reconnect();
}

void Connection::raise(unsigned number, const char* message) {
  DatabaseError error(number, message);
  if (error.is_client_side() || error.code() == "db.unavailable") broken_ = true;
  throw error;
}

st_mysql* Connection::handle() {
  return impl_->mysql.get();
}
std::uint64_t Connection::id() const {
  return mysql_thread_id(impl_->mysql.get());
}

void Connection::await(std::function<void()> answer) {
  if (awaited_) throw Error(Kind::internal, "db.await", "an answer is awaited already");
  awaited_ = std::move(answer);
}

void Connection::settle() {
  if (const auto answer = std::exchange(awaited_, nullptr)) answer();
}

void Connection::settle_in_any_case() noexcept {
  try {
    settle();
  } catch (const std::exception& error) {
    log_debug("an answer came too late to count", {{"detail", error.what()}});
  } catch (...) {
    log_debug("an answer came too late to count", {});
  }
}

void Connection::settle_for_later() noexcept {
  try {
    settle();
  } catch (...) {
    awaited_ = [why = std::current_exception()] { std::rethrow_exception(why); };
  }
}

void Connection::run(std::string_view sql) {
  settle();
  if (mysql_real_query(handle(), sql.data(), sql.size()) != 0)
    raise(mysql_errno(handle()), mysql_error(handle()));
  if (const std::unique_ptr<MYSQL_RES, Releaser<mysql_free_result>> result{mysql_store_result(handle())};
      !result) {
    if (mysql_errno(handle()) != 0) raise(mysql_errno(handle()), mysql_error(handle()));
  }
}

namespace {

/// One that fails to execute is forgotten: after a change of its table it must be prepared anew.
template <typename Work>
auto with_prepared(Connection& connection, auto& prepared, std::string_view sql, Work work) {
  connection.settle();
  auto at = prepared.find(sql);
  if (at == prepared.end()) {
    if (prepared.size() >= kMostPrepared) prepared.clear();
    at = prepared.emplace(std::string(sql), std::make_unique<Statement>(connection, sql)).first;
  }
  try {
    return work(*at->second);
  } catch (...) {
    prepared.erase(at);
    throw;
  }
}

}  // namespace

Effect Connection::execute(std::string_view sql, std::span<const Value> values) {
  return with_prepared(*this, impl_->prepared, sql, [&](Statement& s) { return s.execute(values); });
}

Rows Connection::select(std::string_view sql, std::span<const Value> values) {
  return with_prepared(*this, impl_->prepared, sql, [&](Statement& s) { return s.select(values); });
}

std::optional<Row> Connection::select_one(std::string_view sql, std::initializer_list<Value> values) {
  Rows rows = select(sql, values);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

ThreadScope::ThreadScope() {
  mysql_thread_init();
}
ThreadScope::~ThreadScope() {
  mysql_thread_end();
}

std::string quote_identifier(std::string_view name) {
  std::string out = "`";
  for (const char c : name) {
    if (c == '`') out += '`';
    out += c;
  }
  return out + "`";
}

}  // namespace sluice::db
