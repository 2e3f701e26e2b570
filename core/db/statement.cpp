// SPDX-License-Identifier: MIT
#include "core/db/statement.hpp"

#include <string>
#include <type_traits>
#include <vector>

#include "core/db/connection.hpp"

namespace sluice::db {
namespace {

MYSQL_BIND bind_of(const Value& value) {
  MYSQL_BIND bind{};
  std::visit(
      [&](const auto& held) {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          bind.buffer_type = MYSQL_TYPE_NULL;
        } else if constexpr (std::is_same_v<T, std::string_view>) {
          bind.buffer_type = MYSQL_TYPE_STRING;
          bind.buffer = const_cast<char*>(held.data());
          bind.buffer_length = held.size();
        } else if constexpr (std::is_same_v<T, double>) {
          bind.buffer_type = MYSQL_TYPE_DOUBLE;
          bind.buffer = const_cast<double*>(&held);
        } else {
          bind.buffer_type = MYSQL_TYPE_LONGLONG;
          bind.is_unsigned = std::is_same_v<T, std::uint64_t>;
          bind.buffer = const_cast<T*>(&held);
        }
      },
      value.held());
  return bind;
}

}  // namespace

Statement::Statement(Connection& connection, std::string_view sql)
    : connection_(connection), handle_(mysql_stmt_init(connection.handle())) {
  if (!handle_) connection_.raise(CR_OUT_OF_MEMORY, "mysql_stmt_init");
  if (mysql_stmt_prepare(handle_.get(), sql.data(), sql.size()) != 0) raise();
}

void Statement::raise() {
  connection_.raise(mysql_stmt_errno(handle_.get()), mysql_stmt_error(handle_.get()));
}

void Statement::bind_and_execute(std::span<const Value> values) {
  if (values.size() != mysql_stmt_param_count(handle_.get()))
    throw Error(Kind::internal, "db.parameters",
                "a statement got " + std::to_string(values.size()) + " values");
  std::vector<MYSQL_BIND> binds;
  binds.reserve(values.size());
  for (const Value& value : values) binds.push_back(bind_of(value));
  if (!binds.empty() && mysql_stmt_bind_param(handle_.get(), binds.data()) != 0) raise();
  if (mysql_stmt_execute(handle_.get()) != 0) raise();
}

Effect Statement::execute(std::span<const Value> values) {
  bind_and_execute(values);
  if (mysql_stmt_field_count(handle_.get()) != 0) mysql_stmt_free_result(handle_.get());
  return {mysql_stmt_affected_rows(handle_.get()), mysql_stmt_insert_id(handle_.get())};
}

Rows Statement::select(std::span<const Value> values) {
  // Asks the library to work out the longest value of each column, so that the buffers below fit all rows.
  my_bool longest = 1;
  mysql_stmt_attr_set(handle_.get(), STMT_ATTR_UPDATE_MAX_LENGTH, &longest);
  bind_and_execute(values);
  if (mysql_stmt_store_result(handle_.get()) != 0) raise();
  Rows rows = fetch_all();
  mysql_stmt_free_result(handle_.get());
  return rows;
}

Rows Statement::fetch_all() {
  const std::unique_ptr<MYSQL_RES, Releaser<mysql_free_result>> meta(
      mysql_stmt_result_metadata(handle_.get()));
  if (!meta) throw Error(Kind::internal, "db.no_result", "a SELECT without a result");
  const unsigned width = mysql_num_fields(meta.get());
  const MYSQL_FIELD* fields = mysql_fetch_fields(meta.get());

  constexpr std::size_t kLeast = 64;  // numbers and times have no max_length of their own as text
  std::size_t size = 0;
  for (unsigned i = 0; i < width; ++i) size += std::max<std::size_t>(fields[i].max_length, kLeast);
  std::string buffer(size, '\0');  // of all columns: one allocation for a row of thirty
  std::vector<unsigned long> lengths(width);
  std::vector<my_bool> nulls(width);
  std::vector<MYSQL_BIND> binds(width);
  char* next = buffer.data();
  for (unsigned i = 0; i < width; ++i) {
    binds[i].buffer_type = MYSQL_TYPE_STRING;
    binds[i].buffer = next;
    binds[i].buffer_length = std::max<std::size_t>(fields[i].max_length, kLeast);
    next += binds[i].buffer_length;
    binds[i].length = &lengths[i];
    binds[i].is_null = &nulls[i];
  }
  if (mysql_stmt_bind_result(handle_.get(), binds.data()) != 0) raise();

  Rows rows;
  rows.reserve(mysql_stmt_num_rows(handle_.get()));
  for (;;) {
    const int state = mysql_stmt_fetch(handle_.get());
    if (state == MYSQL_NO_DATA) return rows;
    if (state != 0) {
      if (state == MYSQL_DATA_TRUNCATED)
        throw Error(Kind::internal, "db.truncated", "a column was longer than its buffer");
      raise();
    }
    std::vector<std::optional<std::string>> row(width);
    for (unsigned i = 0; i < width; ++i) {
      if (!nulls[i]) row[i].emplace(static_cast<const char*>(binds[i].buffer), lengths[i]);
    }
    rows.emplace_back(std::move(row));
  }
}

}  // namespace sluice::db
