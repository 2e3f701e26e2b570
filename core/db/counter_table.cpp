// SPDX-License-Identifier: MIT
#include "core/db/counter_table.hpp"

#include "core/db/transaction.hpp"

namespace sluice::db {
namespace {

constexpr const char* kInsert = "INSERT INTO counters(name, part, value) VALUES ";
constexpr const char* kAdd = " ON DUPLICATE KEY UPDATE value = value + VALUES(value)";
constexpr const char* kAll = "SELECT name, part, value FROM counters";

}  // namespace

void add_counted(Connection& connection, const std::vector<Counted>& counted) {
  if (counted.empty()) return;
  std::string sql = kInsert;
  std::vector<Value> values;
  for (const Counted& each : counted) {
    sql += "(?, ?, ?),";
    values.insert(values.end(), {Value(each.name), Value(each.part), Value(each.value)});
  }
  sql.back() = ' ';
  with_retry([&] { connection.execute(sql + kAdd, values); });
}

std::vector<Counted> all_counted(Connection& connection) {
  std::vector<Counted> all;
  for (const Row& row : connection.select(kAll)) all.push_back({row.text(0), row.text(1), row.real(2)});
  return all;
}

}  // namespace sluice::db
