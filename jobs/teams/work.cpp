// SPDX-License-Identifier: MIT
#include "jobs/teams/work.hpp"

#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/db/job_event_table.hpp"
#include "core/db/team_import_apply.hpp"
#include "core/db/team_table.hpp"
#include "core/db/upload_table.hpp"
#include "jobs/assembly.hpp"
#include "jobs/teams/compare.hpp"
#include "jobs/teams/row_check.hpp"
#include "jobs/teams/sheet.hpp"

namespace sluice::teams {
namespace {

constexpr std::size_t kBytesPerBatch = 1u << 20;  // of records, so that long ones come in smaller batches
constexpr std::uint32_t kRowsPerClearing = 5000;

}  // namespace

TeamWork::TeamWork(jobs::Attempt& attempt, std::size_t rows_per_batch)
    : rows_per_batch_(rows_per_batch), choice_(column_choice_from(attempt.job().params)) {
  if (attempt.job().cursor) cursor_ = cursor_from(*attempt.job().cursor);
}

jobs::StepResult TeamWork::step(jobs::Attempt& attempt) {
  attempt.throw_if_stopped();
  switch (cursor_.stage) {
    case Stage::clear:
      return clear(attempt);
    case Stage::check:
      return check(attempt);
    case Stage::apply:
      return apply(attempt);
  }
  return jobs::StepResult::more;
}

void TeamWork::load(jobs::Attempt& attempt) {
  auto found = db::find_team_import(attempt.connection(), attempt.job().id);
  if (!found) throw Error(Kind::internal, "team.missing", "the job has no team import");
  import_ = std::move(*found);
}

// A first check finds nothing to clear; one that is made again (the teams changed, the job was started anew)
// does.
jobs::StepResult TeamWork::clear(jobs::Attempt& attempt) {
  if (db::delete_some_team_rows(attempt.connection(), attempt.job().id, kRowsPerClearing) != 0) {
    attempt.report(progress("check"));
    return jobs::StepResult::more;
  }
  begin_check(attempt);
  return jobs::StepResult::more;
}

void TeamWork::begin_check(jobs::Attempt& attempt) {
  load(attempt);
  assemble(attempt);
  open_source(attempt);
  Sheet sheet = find_sheet(*source_, choice_);
  dialect_ = sheet.dialect;
  columns_ = std::move(sheet.columns);
  Json mapping = to_json(columns_);
  Json header = Json::array();
  for (const std::string& name : columns_.header) header.push(name);
  mapping.set("file_header", header);
  mapping.set("dialect", csv::encode(dialect_));

  cursor_.stage = Stage::check;
  cursor_.position = {};
  cursor_.rows = 0;
  {
    db::Transaction transaction(attempt.connection());
    db::begin_team_check(transaction, import_.job_id, mapping,
                         db::teams_version(attempt.connection(), import_.owner_id));
    attempt.move_cursor(transaction, to_json(cursor_), progress("check"));
    transaction.commit();
  }
  load(attempt);
}

db::Upload TeamWork::find_upload(jobs::Attempt& attempt) {
  auto upload = db::load_upload(attempt.connection(), import_.upload_id);
  if (!upload || upload->state != db::UploadState::complete) {
    throw Error(Kind::gone, "team.upload_gone", "the upload is gone",
                "The uploaded file was deleted. Upload it again.");
  }
  return std::move(*upload);
}

// One file of the pieces, as an import makes it: GET /upload/{uid}/file sends it.
void TeamWork::assemble(jobs::Attempt& attempt) {
  db::Upload upload = find_upload(attempt);
  if (upload.assembled_at) return;
  jobs::assemble_upload(attempt, upload,
                        {[&](std::uint64_t) { attempt.report(progress("check")); },
                         [&](db::Transaction& transaction) {
                           attempt.move_cursor(transaction, to_json(cursor_), progress("check"));
                         }});
}

void TeamWork::open_source(jobs::Attempt& attempt) {
  if (source_) return;
  source_ = jobs::open_source(attempt, find_upload(attempt));
}

void TeamWork::open_reader(jobs::Attempt& attempt) {
  load(attempt);
  open_source(attempt);
  const Json& mapping = import_.mapping.value();
  const auto dialect = csv::decode_dialect(mapping.at("dialect").string());
  if (!dialect) throw Error(Kind::internal, "team.dialect", "the stored dialect cannot be read");
  dialect_ = *dialect;
  std::vector<std::string> header;
  for (const Json& name : mapping.at("file_header").items()) header.push_back(name.string());
  columns_ = match_columns(header, choice_);
  for (const db::TeamName& team :
       db::team_names(attempt.connection(), import_.owner_id, SimilarNames::kMost / 2)) {
    names_.add(team.name);
  }
  for (const std::string& name :
       db::team_names_of_file(attempt.connection(), import_.job_id, SimilarNames::kMost / 2)) {
    names_.add(name);
  }
  lookup_.emplace(import_.owner_id, import_.job_id);
  reader_.emplace(*source_, dialect_, cursor_.position);
}

jobs::StepResult TeamWork::check(jobs::Attempt& attempt) {
  if (!reader_) open_reader(attempt);
  std::vector<db::TeamImportRow> rows;
  std::size_t bytes = 0;
  bool at_end = false;
  while (rows.size() < rows_per_batch_ && bytes < kBytesPerBatch) {
    const csv::Record* record = reader_->next();
    at_end = record == nullptr;
    if (at_end) break;
    bytes += record->byte_length;
    if (record->kind == csv::RecordKind::skipped) continue;
    rows.push_back(check_record(*record, columns_, ++cursor_.rows));
  }
  cursor_.position = reader_->position();
  attempt.throw_if_stopped();

  std::vector<db::PairKey> pairs;
  for (const db::TeamImportRow& row : rows) {
    if (row.status != "error") pairs.push_back({*row.team_key, *row.email_key});
  }
  const db::TeamCounts counts = compare_rows(rows, lookup_->find(attempt.connection(), pairs), names_);
  if (at_end) cursor_.stage = Stage::apply;
  attempt.throw_if_stopped();

  db::Transaction transaction(attempt.connection());
  db::insert_team_rows(transaction, import_.job_id, rows);
  db::add_team_counts(transaction, import_.job_id, counts);
  if (at_end) db::end_team_check(transaction, import_.job_id);
  const bool rests = at_end && (import_.dry_run || cursor_.reviewed);
  if (rests) {
    cursor_.reviewed = true;
    attempt.rest_for_review(transaction, to_json(cursor_), progress("review"));
  } else {
    attempt.move_cursor(transaction, to_json(cursor_), progress("check"));
  }
  transaction.commit();
  return rests ? jobs::StepResult::settled : jobs::StepResult::more;
}

jobs::StepResult TeamWork::apply(jobs::Attempt& attempt) {
  load(attempt);
  if (import_.dry_run) {  // resumed, not committed: that asks for another look
    check_again(attempt, false);
    return jobs::StepResult::more;
  }
  const db::TeamCounts& counts = import_.counts;
  if (counts.errors > 0 && !import_.skip_errors) {
    const std::string advice =
        std::to_string(counts.errors) + " of " + std::to_string(counts.total) +
        " rows have errors, so nothing was created. Mend the rows that the report lists and upload it "
        "again, or send on_error=skip to create the good rows.";
    throw Error(Kind::invalid, "team.rows_have_errors", advice, advice);
  }
  if (try_to_apply(attempt)) return jobs::StepResult::settled;
  check_again(attempt, cursor_.reviewed);
  return jobs::StepResult::more;
}

// False: another import was applied since, so what was checked is not what would be done.
bool TeamWork::try_to_apply(jobs::Attempt& attempt) {
  const db::TeamCounts& counts = import_.counts;
  cursor_.rows = counts.total;
  {
    db::Transaction begun(attempt.connection());  // so that the phase is shown from its start
    attempt.move_cursor(begun, to_json(cursor_), progress("apply"));
    begun.commit();
  }
  // One long transaction: it cannot look up, so a pause or a cancel is settled from outside and takes the
  // connection away.
  const jobs::Interruptible interruptible(attempt);
  db::Transaction transaction(attempt.connection());
  if (db::lock_teams_version(transaction, import_.owner_id) != import_.checked_version) return false;
  db::apply_team_import(transaction, import_);
  jobs::Progress done = progress("apply");
  done.records_done = counts.total;
  attempt.report(done);
  attempt.succeed(transaction, Json::object({{"created", counts.created},
                                             {"updated", counts.updated},
                                             {"unchanged", counts.unchanged},
                                             {"errors", counts.errors},
                                             {"total", counts.total},
                                             {"teams_created", counts.teams_created}}));
  transaction.commit();
  return true;
}

void TeamWork::check_again(jobs::Attempt& attempt, bool refused) {
  const bool reviewed = cursor_.reviewed;
  cursor_ = Cursor{};
  cursor_.reviewed = reviewed;
  reader_.reset();
  lookup_.reset();
  names_ = {};
  db::Transaction transaction(attempt.connection());
  if (refused) {
    db::refuse_team_commit(transaction, import_.job_id, "team.changed");
    db::insert_job_event(transaction, import_.job_id, "runner", "commit_refused", attempt.job().epoch,
                         Json::object({{"code", "team.changed"}}));
  }
  attempt.move_cursor(transaction, to_json(cursor_), progress("check"));
  transaction.commit();
}

jobs::Progress TeamWork::progress(std::string phase) const {
  jobs::Progress progress;
  progress.records_done = cursor_.rows;
  if (phase == "apply") {
    progress.records_done = 0;
    progress.records_total = cursor_.rows;
  } else if (source_) {
    progress.bytes_done = phase == "review" ? source_->size() : cursor_.position.offset;
    progress.bytes_total = source_->size();
  }
  progress.phase = std::move(phase);
  return progress;
}

}  // namespace sluice::teams
