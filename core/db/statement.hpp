// SPDX-License-Identifier: MIT
// Statement: one prepared statement of a connection; dies before its connection. For core/db only.
#pragma once
#include <memory>
#include <span>
#include <string_view>

#include "core/base/releaser.hpp"
#include "core/db/mariadb.hpp"
#include "core/db/result.hpp"
#include "core/db/value.hpp"

namespace sluice::db {

class Connection;

class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  Effect execute(std::span<const Value> values);
  Rows select(std::span<const Value> values);

 private:
  void bind_and_execute(std::span<const Value> values);
  Rows fetch_all();
  [[noreturn]] void raise();

  Connection& connection_;
  std::unique_ptr<MYSQL_STMT, Releaser<mysql_stmt_close>> handle_;
};

}  // namespace sluice::db
