// SPDX-License-Identifier: MIT
#include "core/db/upload_view.hpp"

namespace sluice::db {
namespace {

constexpr const char* kNewest =
    "SELECT i.uid, i.records, i.loaded, i.rejected, i.skipped, i.repaired, i.published_at, i.hidden_at IS "
    "NOT NULL, i.job_id, "
    "d.uid, d.name FROM imports i "
    "LEFT JOIN datasets d ON d.id = i.dataset_id AND d.published_at IS NOT NULL AND d.deleted_at IS NULL "
    "WHERE i.upload_id = ? ORDER BY i.id DESC LIMIT 1";

}  // namespace

UploadOutcome outcome_of_upload(Connection& connection, std::uint64_t upload_id) {
  UploadOutcome outcome;
  const auto row = connection.select_one(kNewest, {upload_id});
  if (!row) return outcome;
  UploadOutcome::Import import{row->uid(0), row->u64(1), row->u64(2),  row->u64(3),
                               row->u64(4), row->u64(5), std::nullopt, row->flag(7)};
  if (!row->is_null(6)) import.published_at = rfc3339_of(row->text(6));
  outcome.import = std::move(import);
  outcome.job = find_job_by_id(connection, row->u64(8));
  if (!row->is_null(9)) outcome.dataset = UploadOutcome::Dataset{row->uid(9), row->text(10)};
  return outcome;
}

}  // namespace sluice::db
