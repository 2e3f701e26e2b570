// SPDX-License-Identifier: MIT
#include "core/db/upload_view.hpp"

#include "core/db/snapshot.hpp"

namespace sluice::db {
namespace {

constexpr const char* kNewest =
    "SELECT n.upload_id, i.uid, i.records, i.loaded, i.rejected, i.skipped, i.repaired, i.published_at, "
    "i.hidden_at IS NOT NULL, i.job_id, d.uid, d.name "
    "FROM (SELECT upload_id, MAX(id) id FROM imports WHERE upload_id IN "
    "(SELECT id FROM JSON_TABLE(?, '$[*]' COLUMNS(id BIGINT UNSIGNED PATH '$')) asked) GROUP BY upload_id) n "
    "JOIN imports i ON i.id = n.id "
    "LEFT JOIN datasets d ON d.id = i.dataset_id AND d.published_at IS NOT NULL AND d.deleted_at IS NULL";

}  // namespace

std::map<std::uint64_t, UploadOutcome> outcomes_of_uploads(Connection& connection,
                                                           const std::vector<std::uint64_t>& upload_ids) {
  std::map<std::uint64_t, UploadOutcome> outcomes;
  if (upload_ids.empty()) return outcomes;
  Json asked = Json::array();
  for (const std::uint64_t id : upload_ids) asked.push(id);
  std::map<std::uint64_t, std::uint64_t> uploads_of_jobs;
  std::vector<std::uint64_t> job_ids;
  const Snapshot snapshot(connection);  // an import is published together with its job's end
  for (const Row& row : connection.select(kNewest, {asked.text()})) {
    UploadOutcome& outcome = outcomes[row.u64(0)];
    UploadOutcome::Import import{row.uid(1), row.u64(2), row.u64(3),   row.u64(4),
                                 row.u64(5), row.u64(6), std::nullopt, row.flag(8)};
    if (!row.is_null(7)) import.published_at = rfc3339_of(row.text(7));
    outcome.import = std::move(import);
    job_ids.push_back(row.u64(9));
    uploads_of_jobs.emplace(job_ids.back(), row.u64(0));
    if (!row.is_null(10)) outcome.dataset = UploadOutcome::Dataset{row.uid(10), row.text(11)};
  }
  for (JobRow& job : find_jobs_by_id(connection, job_ids)) {
    const std::uint64_t upload = uploads_of_jobs.at(job.id);
    outcomes[upload].job = std::move(job);
  }
  return outcomes;
}

UploadOutcome outcome_of_upload(Connection& connection, std::uint64_t upload_id) {
  auto outcomes = outcomes_of_uploads(connection, {upload_id});
  return outcomes.empty() ? UploadOutcome{} : std::move(outcomes.begin()->second);
}

}  // namespace sluice::db
