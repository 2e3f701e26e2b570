// SPDX-License-Identifier: MIT
#include "core/db/job_stats.hpp"

namespace sluice::db {
namespace {

constexpr const char* kCounts =
    "SELECT kind, state, COUNT(*) FROM jobs GROUP BY kind, state ORDER BY kind, state";
constexpr const char* kRunning = "SELECT COUNT(*) FROM jobs WHERE state = 'running'";
constexpr const char* kQueueAge =
    "SELECT COALESCE(MAX(TIMESTAMPDIFF(MICROSECOND, due_at, UTC_TIMESTAMP(6))), 0) / 1e6 FROM jobs "
    "WHERE state = 'queued' AND due_at <= UTC_TIMESTAMP(6)";
constexpr const char* kEvents =
    "SELECT event, COUNT(*) FROM job_events WHERE event IN ('taken_over', 'retry_scheduled', 'failed', "
    "'yielded') GROUP BY event";

}  // namespace

std::vector<JobCount> count_jobs(Connection& connection) {
  std::vector<JobCount> counts;
  for (const Row& row : connection.select(kCounts)) counts.push_back({row.text(0), row.text(1), row.u64(2)});
  return counts;
}

std::uint64_t running_jobs(Connection& connection) {
  return connection.select_one(kRunning)->u64(0);
}

double queue_age_seconds(Connection& connection) {
  return connection.select_one(kQueueAge)->real(0);
}

std::vector<EventCount> count_events(Connection& connection) {
  std::vector<EventCount> counts;
  for (const Row& row : connection.select(kEvents)) counts.push_back({row.text(0), row.u64(1)});
  return counts;
}

}  // namespace sluice::db
