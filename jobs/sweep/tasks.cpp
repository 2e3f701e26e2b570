// SPDX-License-Identifier: MIT
#include "jobs/sweep/tasks.hpp"

#include "core/base/log.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/export_table.hpp"
#include "core/db/import_table.hpp"
#include "core/db/retention.hpp"
#include "core/db/upload_table.hpp"
#include "core/storage/export_file.hpp"
#include "core/storage/piece_file.hpp"
#include "core/storage/upload_file.hpp"
#include "jobs/hold.hpp"
#include "jobs/imports/removal.hpp"

namespace sluice::jobs::sweep {
namespace {

constexpr std::uint32_t kBatch = 1000;
constexpr std::uint32_t kFewer = 50;  // each has files, too

bool forget_keys(const Context& c) {
  return db::forget_expired_keys(c.connection(), kBatch) == kBatch;
}
bool date_jobs(const Context& c) {
  return db::date_ended_jobs(c.connection(), c.config().history_ttl, kBatch) == kBatch;
}
bool forget_runners(const Context& c) {
  return db::forget_old_runners(c.connection(), kBatch) == kBatch;
}

bool expire_uploads(const Context& c) {
  const auto ids = db::expired_uploads(c.connection(), kFewer);
  for (const std::uint64_t id : ids) {
    const auto upload = db::load_upload(c.connection(), id);
    db::Transaction transaction(c.connection());
    const auto files = db::remove_expired_upload(transaction, id);
    transaction.commit();
    if (!files) continue;
    storage::PieceStore(c.config().pieces_dir()).remove(*files);
    if (upload) storage::remove_upload_file(c.config().files_dir(), upload->uid);
    c.attempt.throw_if_stopped();
  }
  return ids.size() == kFewer;
}

bool expire_exports(const Context& c) {
  const auto expired = db::expired_exports(c.connection(), kFewer);
  for (const db::ExpiredExport& each : expired) {
    db::mark_export_deleted(c.connection(), each.job_id);
    storage::ExportFile::remove({c.config().exports_dir(), c.config().min_free_disk}, each.uid, each.epoch);
    c.attempt.throw_if_stopped();
  }
  return expired.size() == kFewer;
}

// What an export still reads is hidden already, and stays until that export has ended.
bool remove_datasets(const Context& c) {
  for (const std::uint64_t id : db::deleted_datasets(c.connection(), kFewer)) {
    if (db::dataset_is_pinned(c.connection(), id)) continue;
    imports::remove_dataset(c.connection(), c.config(), id);
    c.attempt.throw_if_stopped();
  }
  return false;
}

bool remove_undone_imports(const Context& c) {
  for (const std::uint64_t id : db::undone_imports(c.connection(), kFewer)) {
    const auto import = db::find_import(c.connection(), id);
    if (!import || db::import_is_pinned(c.connection(), import->dataset_id.value_or(0), id)) continue;
    imports::remove_import(c.connection(), c.config(), *import);
    db::forget_undone_import(c.connection(), id);
    c.attempt.throw_if_stopped();
  }
  return false;
}

// A failed job keeps what it has done until its time is over: somebody might retry it.
bool forget_jobs(const Context& c) {
  const auto jobs = db::expired_jobs(c.connection(), kFewer);
  for (const db::LeasedJob& job : jobs) {
    Kind* kind = c.kinds.find(job.kind);
    if (kind != nullptr && job.state != job::State::succeeded)
      kind->clean_up(c.connection(), c.config(), record_of(job));
    db::forget_job(c.connection(), job.id);
    c.attempt.throw_if_stopped();
  }
  return jobs.size() == kFewer;
}

}  // namespace

std::span<const Task> tasks() {
  static constexpr Task kTasks[] = {
      {"idempotency_keys", forget_keys},
      {"uploads", expire_uploads},
      {"exports", expire_exports},
      {"datasets", remove_datasets},
      {"undone_imports", remove_undone_imports},
      {"bodies", remove_stray_bodies},
      {"orphan_pieces", remove_orphan_pieces},
      {"missing_pieces", set_back_without_pieces},
      {"orphan_uploads", remove_orphan_uploads},
      {"orphan_exports", remove_orphan_exports},
      {"job_dates", date_jobs},
      {"jobs", forget_jobs},
      {"runners", forget_runners},
  };
  return kTasks;
}

}  // namespace sluice::jobs::sweep
