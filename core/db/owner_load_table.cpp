// SPDX-License-Identifier: MIT
#include "core/db/owner_load_table.hpp"

#include <map>

namespace sluice::db {
namespace {

constexpr const char* kAdd =
    "INSERT INTO owner_load(owner_id, queued, running, last_start_at) VALUES(?, ?, ?, UTC_TIMESTAMP(6)) "
    "ON DUPLICATE KEY UPDATE queued = queued + VALUES(queued), running = running + VALUES(running)";
constexpr const char* kStart =
    "UPDATE owner_load FORCE INDEX (PRIMARY) SET queued = queued - 1, running = running + 1, last_start_at = "
    "UTC_TIMESTAMP(6) "
    "WHERE owner_id = ? AND running < ?";
constexpr const char* kLockAll =
    "SELECT owner_id, queued, running FROM owner_load ORDER BY owner_id FOR UPDATE";
constexpr const char* kCount =
    "SELECT owner_id, SUM(state = 'queued'), SUM(state = 'running') FROM jobs "
    "WHERE state IN ('queued', 'running') GROUP BY owner_id";
constexpr const char* kSet = "UPDATE owner_load SET queued = ?, running = ? WHERE owner_id = ?";
constexpr const char* kBegin =
    "INSERT IGNORE INTO owner_load(owner_id, queued, running, last_start_at) VALUES(?, ?, ?, "
    "UTC_TIMESTAMP(6))";

OwnerLoad load_of(const Row& row) {
  return {row.u64(0), static_cast<int>(row.i64(1)), static_cast<int>(row.i64(2))};
}

}  // namespace

void add_owner_load(Connection& connection, std::uint64_t owner_id, int queued, int running) {
  connection.execute(kAdd, {owner_id, queued, running});
}

bool start_owner_job(Transaction& transaction, std::uint64_t owner_id, std::optional<int> most_running) {
  return transaction.connection().execute(kStart, {owner_id, most_running.value_or(INT32_MAX)}).rows == 1;
}

// Whoever changes a count commits it together with the job, holding the owner's row: with all of these rows
// locked, what is counted is what they must say. A job that is being inserted or moved adds itself
// afterwards. A row that came after the lock is right: it began with its owner's first job.
void recount_owner_load(Connection& connection) {
  with_retry([&] {
    Transaction transaction(connection);
    const Rows locked = connection.select(kLockAll);
    std::map<std::uint64_t, OwnerLoad> counted;
    for (const Row& row : connection.select(kCount)) counted[row.u64(0)] = load_of(row);
    for (const Row& row : locked) {
      const OwnerLoad stored = load_of(row);
      OwnerLoad load{stored.owner_id, 0, 0};
      if (const auto found = counted.extract(stored.owner_id)) load = found.mapped();
      if (load.queued != stored.queued || load.running != stored.running)
        connection.execute(kSet, {load.queued, load.running, load.owner_id});
    }
    for (const auto& [owner_id, load] : counted)
      connection.execute(kBegin, {owner_id, load.queued, load.running});
    transaction.commit();
  });
}

}  // namespace sluice::db
