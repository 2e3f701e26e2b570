// SPDX-License-Identifier: MIT
#include "core/db/owner_load_table.hpp"

namespace sluice::db {
namespace {

constexpr const char* kAdd =
    "INSERT INTO owner_load(owner_id, queued, running, last_start_at) VALUES(?, ?, ?, UTC_TIMESTAMP(6)) "
    "ON DUPLICATE KEY UPDATE queued = queued + VALUES(queued), running = running + VALUES(running)";
constexpr const char* kWaiting =
    "SELECT owner_id, queued, running FROM owner_load WHERE queued > 0 ORDER BY running / weight, "
    "last_start_at LIMIT ?";
constexpr const char* kLock =
    "SELECT owner_id, queued, running FROM owner_load WHERE owner_id = ? FOR UPDATE";
constexpr const char* kStart =
    "UPDATE owner_load SET queued = queued - 1, running = running + 1, last_start_at = UTC_TIMESTAMP(6) "
    "WHERE owner_id = ?";
constexpr const char* kLockAll = "SELECT owner_id FROM owner_load ORDER BY owner_id FOR UPDATE";
constexpr const char* kCount =
    "SELECT owner_id, SUM(state = 'queued'), SUM(state = 'running') FROM jobs "
    "WHERE state IN ('queued', 'running') GROUP BY owner_id";
constexpr const char* kClear = "UPDATE owner_load SET queued = 0, running = 0";
constexpr const char* kSet =
    "INSERT INTO owner_load(owner_id, queued, running, last_start_at) VALUES(?, ?, ?, UTC_TIMESTAMP(6)) "
    "ON DUPLICATE KEY UPDATE queued = VALUES(queued), running = VALUES(running)";

OwnerLoad load_of(const Row& row) {
  return {row.u64(0), static_cast<int>(row.i64(1)), static_cast<int>(row.i64(2))};
}

}  // namespace

void add_owner_load(Connection& connection, std::uint64_t owner_id, int queued, int running) {
  connection.execute(kAdd, {owner_id, queued, running});
}

std::vector<OwnerLoad> owners_waiting(Connection& connection, std::uint32_t limit) {
  std::vector<OwnerLoad> owners;
  for (const Row& row : connection.select(kWaiting, {limit})) owners.push_back(load_of(row));
  return owners;
}

OwnerLoad lock_owner_load(Transaction& transaction, std::uint64_t owner_id) {
  const auto row = transaction.connection().select_one(kLock, {owner_id});
  if (!row) return {owner_id, 0, 0};
  return load_of(*row);
}

void start_owner_job(Transaction& transaction, std::uint64_t owner_id) {
  transaction.connection().execute(kStart, {owner_id});
}

// Whoever changes a count commits it together with the job, holding the owner's row: with all of these rows
// locked, what is counted is what they must say. A job that is being inserted or moved adds itself
// afterwards.
void recount_owner_load(Connection& connection) {
  with_retry([&] {
    Transaction transaction(connection);
    connection.select(kLockAll);
    const Rows counts = connection.select(kCount);
    connection.execute(kClear);
    for (const Row& row : counts) connection.execute(kSet, {row.u64(0), row.i64(1), row.i64(2)});
    transaction.commit();
  });
}

}  // namespace sluice::db
