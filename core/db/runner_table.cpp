// SPDX-License-Identifier: MIT
#include "core/db/runner_table.hpp"

#include "core/db/mariadb.hpp"

namespace sluice::db {
namespace {

// To the second, since Uptime counts whole ones.
#define SERVER_STARTED                                                                                     \
  "(SELECT UTC_TIMESTAMP(6) - INTERVAL variable_value SECOND FROM information_schema.global_status WHERE " \
  "variable_name = 'UPTIME')"

constexpr const char* kRegister =
    "INSERT INTO runners(name, host, slot, pid, boot_id, generation, server_started_at, started_at, seen_at) "
    "VALUES(?, ?, ?, ?, ?, ?, " SERVER_STARTED ", UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))";
constexpr const char* kBeat =
    "UPDATE runners SET beat_seq = beat_seq + 1, seen_at = UTC_TIMESTAMP(6), draining = ?, server_started_at "
    "= " SERVER_STARTED " WHERE id IN (";
constexpr const char* kEnd = "UPDATE runners SET ended_at = UTC_TIMESTAMP(6), draining = 1 WHERE id IN (";
constexpr const char* kFind =
    "SELECT id, name, host, slot, pid, boot_id, generation, "
    "COALESCE(ABS(TIMESTAMPDIFF(SECOND, server_started_at, " SERVER_STARTED
    ")) <= 2, 0) FROM runners WHERE id = ?";
constexpr const char* kSession = "SELECT id FROM information_schema.processlist WHERE id = ?";
constexpr const char* kHealth =
    "SELECT name, host, COUNT(*), MAX(draining), MIN(TIMESTAMPDIFF(MICROSECOND, seen_at, UTC_TIMESTAMP(6))) "
    "/ 1e6 FROM runners WHERE ended_at IS NULL AND id IN (SELECT MAX(id) FROM runners WHERE seen_at > "
    "UTC_TIMESTAMP(6) - INTERVAL 1 DAY GROUP BY host, slot) GROUP BY name, host ORDER BY name, host";

#undef SERVER_STARTED

std::string with_list(const char* sql, std::size_t count) {
  std::string out = sql;
  for (std::size_t i = 0; i < count; ++i) out += "?,";
  out.back() = ')';
  return out;
}

void kill(Connection& connection, const char* what, std::uint64_t id) {
  if (id == 0 || !connection.select_one(kSession, {id})) return;
  try {
    connection.run(what + std::to_string(id));
  } catch (const DatabaseError& error) {
    if (error.number() != ER_NO_SUCH_THREAD) throw;  // it has just ended by itself
  }
}

}  // namespace

std::uint64_t register_runner(Connection& connection, const RunnerIdentity& identity) {
  return connection
      .execute(kRegister, {identity.name, identity.host, identity.slot, identity.pid, identity.boot_id,
                           identity.generation})
      .insert_id;
}

void beat_runners(Connection& connection, const std::vector<std::uint64_t>& ids, bool draining) {
  if (ids.empty()) return;
  std::vector<Value> values{Value(static_cast<unsigned>(draining))};
  for (const std::uint64_t id : ids) values.emplace_back(id);
  connection.execute(with_list(kBeat, ids.size()), values);
}

void end_runners(Connection& connection, const std::vector<std::uint64_t>& ids) {
  if (ids.empty()) return;
  std::vector<Value> values;
  for (const std::uint64_t id : ids) values.emplace_back(id);
  connection.execute(with_list(kEnd, ids.size()), values);
}

std::optional<RunnerRow> find_runner(Connection& connection, std::uint64_t id) {
  const auto row = connection.select_one(kFind, {id});
  if (!row) return std::nullopt;
  return RunnerRow{row->u64(0),
                   {row->text(1), row->text(2), static_cast<int>(row->i64(3)), static_cast<int>(row->i64(4)),
                    row->uid(5), row->text(6)},
                   row->flag(7)};
}

void kill_connection(Connection& connection, std::uint64_t connection_id) {
  kill(connection, "KILL ", connection_id);
}
void kill_statement(Connection& connection, std::uint64_t connection_id) {
  kill(connection, "KILL QUERY ", connection_id);
}

int socket_of(Connection& connection) {
  return static_cast<int>(mysql_get_socket(connection.handle()));
}

std::vector<RunnerHealth> runner_health(Connection& connection) {
  std::vector<RunnerHealth> all;
  for (const Row& row : connection.select(kHealth))
    all.push_back({row.text(0), row.text(1), static_cast<int>(row.i64(2)), row.flag(3), row.real(4)});
  return all;
}

}  // namespace sluice::db
