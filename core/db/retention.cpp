// SPDX-License-Identifier: MIT
#include "core/db/retention.hpp"

namespace sluice::db {
namespace {

constexpr const char* kForgetKeys =
    "DELETE FROM idempotency_keys WHERE expires_at < UTC_TIMESTAMP(6) LIMIT ?";
// Sweeps are many and tell little: an hour is enough.
constexpr const char* kDateJobs =
    "UPDATE jobs SET expires_at = finished_at + INTERVAL IF(kind = 'sweep', 3600, ?) SECOND "
    "WHERE expires_at IS NULL AND state IN ('succeeded', 'failed', 'cancelled') AND finished_at IS NOT NULL "
    "LIMIT ?";
constexpr const char* kExpiredJobs =
    "SELECT id, uid, owner_id, kind, run_no, state, epoch FROM jobs j WHERE expires_at < UTC_TIMESTAMP(6) "
    "AND cleanup_pending = 0 "
    "AND state IN ('succeeded', 'failed', 'cancelled') "
    "AND NOT EXISTS (SELECT 1 FROM exports e WHERE e.job_id = j.id AND e.file IS NOT NULL AND e.deleted_at "
    "IS NULL) "
    "AND NOT EXISTS (SELECT 1 FROM imports i WHERE i.job_id = j.id AND i.published_at IS NOT NULL AND "
    "i.hidden_at IS NULL) "
    "ORDER BY expires_at LIMIT ?";
constexpr const char* kForgetRows = "DELETE FROM team_import_rows WHERE job_id = ? LIMIT 1000";
constexpr const char* kForgetJob[] = {
    "DELETE FROM team_imports WHERE job_id = ?", "DELETE FROM exports WHERE job_id = ?",
    "DELETE FROM imports WHERE job_id = ? AND (published_at IS NULL OR (hidden_at IS NOT NULL AND dataset_id "
    "IS NULL))",
    "DELETE FROM job_events WHERE job_id = ?", "DELETE FROM jobs WHERE id = ?"};
constexpr const char* kForgetRunners =
    "DELETE FROM runners WHERE COALESCE(ended_at, seen_at) < UTC_TIMESTAMP(6) - INTERVAL 1 DAY AND seen_at < "
    "UTC_TIMESTAMP(6) - INTERVAL 1 DAY "
    "AND id NOT IN (SELECT runner_id FROM jobs WHERE state = 'running' AND runner_id IS NOT NULL) LIMIT ?";
constexpr const char* kUndone =
    "SELECT id FROM imports WHERE hidden_at IS NOT NULL AND published_at IS NOT NULL AND dataset_id IS NOT "
    "NULL ORDER BY hidden_at LIMIT ?";
constexpr const char* kForgetUndone =
    "UPDATE imports SET dataset_id = NULL WHERE id = ? AND hidden_at IS NOT NULL";
constexpr const char* kNeedsFiles =
    "SELECT 1 FROM jobs j LEFT JOIN exports e ON e.job_id = j.id WHERE j.uid = ? AND (j.state IN ('queued', "
    "'running', 'paused', 'failed') "
    "OR (j.state = 'succeeded' AND e.file IS NOT NULL AND e.deleted_at IS NULL))";
constexpr const char* kHasUpload = "SELECT 1 FROM uploads WHERE uid = ? AND state <> 'gone'";

}  // namespace

std::uint64_t forget_expired_keys(Connection& connection, std::uint32_t limit) {
  return connection.execute(kForgetKeys, {limit}).rows;
}

std::uint64_t date_ended_jobs(Connection& connection, std::chrono::seconds history, std::uint32_t limit) {
  return connection.execute(kDateJobs, {history.count(), limit}).rows;
}

std::vector<LeasedJob> expired_jobs(Connection& connection, std::uint32_t limit) {
  std::vector<LeasedJob> jobs;
  for (const Row& row : connection.select(kExpiredJobs, {limit})) {
    LeasedJob job;
    job.id = row.u64(0);
    job.uid = row.uid(1);
    job.owner_id = row.u64(2);
    job.kind = job::parse_kind(row.text(3)).value();
    job.run_no = static_cast<int>(row.i64(4));
    job.state = job::parse_state(row.text(5)).value();
    job.epoch = row.u64(6);
    job.params = Json::object();
    jobs.push_back(std::move(job));
  }
  return jobs;
}

void forget_job(Connection& connection, std::uint64_t job_id) {
  while (connection.execute(kForgetRows, {job_id}).rows > 0) {
  }
  Transaction transaction(connection);
  for (const char* sql : kForgetJob) connection.execute(sql, {job_id});
  transaction.commit();
}

std::uint64_t forget_old_runners(Connection& connection, std::uint32_t limit) {
  return connection.execute(kForgetRunners, {limit}).rows;
}

std::vector<std::uint64_t> undone_imports(Connection& connection, std::uint32_t limit) {
  std::vector<std::uint64_t> ids;
  for (const Row& row : connection.select(kUndone, {limit})) ids.push_back(row.u64(0));
  return ids;
}

void forget_undone_import(Connection& connection, std::uint64_t import_id) {
  connection.execute(kForgetUndone, {import_id});
}

bool is_without_files(Connection& connection, const Uid& job) {
  return !connection.select_one(kNeedsFiles, {job}).has_value();
}
bool is_without_upload(Connection& connection, const Uid& upload) {
  return !connection.select_one(kHasUpload, {upload}).has_value();
}

}  // namespace sluice::db
