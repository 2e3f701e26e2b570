// SPDX-License-Identifier: MIT
#include "jobs/imports/work.hpp"

#include "core/base/error.hpp"
#include "core/db/job_stats.hpp"
#include "jobs/assembly.hpp"

namespace sluice::imports {

using jobs::Attempt;
using jobs::Progress;
using jobs::StepResult;

StepResult ImportWork::step(Attempt& attempt) {
  if (!opened_) open(attempt);
  switch (cursor_.phase) {
    case Phase::assemble:
      return assemble(attempt);
    case Phase::detect:
      return detect(attempt);
    case Phase::review:  // somebody sent it on: with what was found, unless other options were given
      cursor_.phase = cursor_.detected_with == import_.options.text() ? Phase::target : Phase::detect;
      return StepResult::more;
    case Phase::target:
      return choose_target(attempt);
    case Phase::load:
      return load(attempt);
    case Phase::verify:
      return verify(attempt);
    case Phase::publish:
      return publish(attempt);
  }
  return StepResult::more;
}

void ImportWork::open(Attempt& attempt) {
  db::Connection& connection = attempt.connection();
  const jobs::JobRecord& job = attempt.job();
  if (job.cursor) cursor_ = cursor_from(*job.cursor);
  auto import = db::find_import_of_run(connection, job.id, job.run_no);
  if (!import) {  // started again from zero: another import of the same upload
    db::Transaction transaction(connection);
    db::insert_import_run(transaction, job.id, job.run_no);
    cursor_ = Cursor{};
    attempt.move_cursor(transaction, to_json(cursor_), progress());
    transaction.commit();
    import = db::find_import_of_run(connection, job.id, job.run_no);
  }
  import_ = std::move(*import);
  options_ = db::import_options_from(import_.options);
  auto upload = db::load_upload(connection, import_.upload_id);
  if (!upload || upload->state != db::UploadState::complete)
    throw Error(Kind::gone, "import.upload_gone", "upload " + std::to_string(import_.upload_id),
                "The upload was removed before it could be loaded. Upload the file again.");
  upload_ = std::move(*upload);
  opened_ = true;
}

std::unique_ptr<csv::ByteSource> ImportWork::open_source(Attempt& attempt) {
  return jobs::open_source(attempt, upload_);
}

Progress ImportWork::progress_at(const Cursor& cursor) const {
  Progress progress;
  progress.phase = name_of(cursor.phase);
  progress.bytes_total = upload_.offset;
  progress.bytes_done = cursor.bytes_done();
  if (cursor.phase == Phase::assemble || cursor.phase == Phase::detect) return progress;
  progress.records_done = cursor.records_done();
  progress.records_total = import_.records;
  return progress;
}

bool ImportWork::may_share(Attempt& attempt) const {
  return upload_.offset >= pace_.share_bytes && db::running_jobs(attempt.connection()) <= pace_.few_jobs;
}

Actor ImportWork::owner(const Attempt& attempt) const {
  return {attempt.job().owner_id, "runner", false};
}

}  // namespace sluice::imports
