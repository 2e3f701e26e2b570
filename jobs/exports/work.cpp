// SPDX-License-Identifier: MIT
// A page of rows becomes a member of the file (a gzip member, a zstd frame, or plain bytes). Which rows a
// page has and what bytes they become depends on the pinned imports and the page's start alone, so an attempt
// that goes on at a checkpoint writes the same file as one that was never interrupted. What lies beyond the
// last checkpoint is written again by the next attempt, into its own part.
#include "jobs/exports/work.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/db/import_table.hpp"

namespace sluice::exports {
namespace {

constexpr std::size_t kFlushBytes = 256u << 10;     // text collected before it is compressed and written
constexpr std::uint64_t kRowsPerLook = 256;         // rows between two looks at what people want
constexpr std::uint64_t kCellsPerPage = 2'000'000;  // wide rows come in shorter pages
constexpr std::uint64_t kLeastRowsPerPage = 100;

}  // namespace

Json to_json(const Cursor& cursor) {
  return Json::object({{"import", cursor.after.import_id},
                       {"row", cursor.after.row_no},
                       {"rows", cursor.rows},
                       {"looked_at", cursor.looked_at},
                       {"looked_at_total", cursor.looked_at_total}});
}

Cursor cursor_from(const Json& json) {
  return Cursor{{json.at("import").u64(), json.at("row").u64()},
                json.at("rows").u64(),
                json.at("looked_at").u64(),
                json.at("looked_at_total").u64()};
}

storage::ExportFolder folder_of(const Config& config) {
  return {config.exports_dir(), config.min_free_disk};
}

ExportWork::ExportWork(jobs::Attempt&, Pace pace) : pace_(pace) {}

jobs::StepResult ExportWork::step(jobs::Attempt& attempt) {
  if (!rows_) start(attempt);
  const auto started = std::chrono::steady_clock::now();
  for (std::uint64_t pages = 0;;) {
    if (!write_page(attempt)) {
      finish(attempt);
      return jobs::StepResult::settled;
    }
    attempt.report(progress());
    if (++pages >= pace_.pages || std::chrono::steady_clock::now() - started >= pace_.time) break;
  }
  checkpoint(attempt);
  return jobs::StepResult::more;
}

void ExportWork::start(jobs::Attempt& attempt) {
  db::Connection& connection = attempt.connection();
  auto found = db::find_export(connection, attempt.job().id);
  if (!found) throw Error(Kind::internal, "export.missing", "the job has no export");
  export_ = std::move(*found);
  request_ = db::export_request_from(export_.request);
  if (attempt.job().run_no > 1 && !attempt.job().cursor) pin_again(connection);
  // Deleted meanwhile: the rows that this export pinned are kept for it.
  auto dataset = db::load_dataset_even_deleted(connection, export_.dataset_id);
  if (!dataset) {
    throw Error(Kind::gone, "export.dataset_gone", "the dataset was deleted",
                "The dataset was deleted before the export was done.");
  }
  const std::vector<std::uint32_t> columns = chosen_columns(request_, *dataset);
  file_.emplace(open_file(attempt));
  compressor_.emplace(request_.compression);
  sheet_ = std::make_unique<CsvSheet>(request_, *dataset, columns);
  page_limit_ = std::clamp(kCellsPerPage / std::max<std::uint64_t>(dataset->columns.size(), 1),
                           kLeastRowsPerPage, db::DatasetRows::kRowsPerPage);
  page_limit_ = std::min(page_limit_, pace_.rows_per_page);

  db::RowsRequest rows;
  rows.data_database = attempt.config().data_database();
  rows.range = db::date_range_of(request_, *dataset);
  rows.dataset = std::move(*dataset);
  rows.import_ids = export_.import_ids;
  rows.columns = columns;
  rows.values = request_.values;
  rows.row_numbers = false;
  rows_ = std::make_unique<db::DatasetRows>(connection, std::move(rows), cursor_.after);
  if (file_->size() == 0) {
    cursor_.looked_at_total = rows_->rows_in_all();
    sheet_->header();
    drain(true);
  }
  attempt.report(progress());
}

// A cancelled export that is started again reads what is published now: nobody kept its old imports for it.
void ExportWork::pin_again(db::Connection& connection) {
  db::Transaction transaction(connection);
  if (db::lock_dataset(transaction, export_.dataset_id)) {
    export_.import_ids = db::published_import_ids(connection, export_.dataset_id);
    db::set_export_imports(transaction, export_.job_id, export_.import_ids);
  }
  transaction.commit();
}

// The part that the last checkpoint counted, or a new one. A part that is not there or not whole is no reason
// to give up: the rows are still there.
storage::ExportFile ExportWork::open_file(jobs::Attempt& attempt) {
  const jobs::JobRecord& job = attempt.job();
  const storage::ExportFolder folder = folder_of(attempt.config());
  if (job.cursor && export_.part) {
    const storage::PartMark mark{export_.part->epoch, export_.part->bytes, export_.part->crc};
    auto taken =
        storage::ExportFile::take_over(folder, job.uid, job.epoch, mark, [&] { attempt.throw_if_stopped(); });
    if (taken) {
      cursor_ = cursor_from(*job.cursor);
      return std::move(*taken);
    }
    log_warning("an export's part is not what was checkpointed: begun again", {{"job", job.uid.text()}});
  }
  return storage::ExportFile(folder, job.uid, job.epoch);
}

bool ExportWork::write_page(jobs::Attempt& attempt) {
  attempt.throw_if_stopped();
  std::uint64_t seen = 0;
  const bool more = rows_->next_page(
      [&](const db::RowKey&, std::span<const db::RowCell> cells) {
        if (++seen % kRowsPerLook == 0) attempt.throw_if_stopped();
        sheet_->row(cells);
        if (sheet_->text().size() < kFlushBytes) return;
        attempt.throw_if_stopped();
        drain(false);
      },
      page_limit_);
  drain(true);
  cursor_.rows += seen;
  cursor_.after = rows_->position();
  const std::uint64_t left = rows_->rows_left();
  cursor_.looked_at = cursor_.looked_at_total > left ? cursor_.looked_at_total - left : 0;
  return more;
}

void ExportWork::drain(bool end_of_member) {
  compressor_->add(sheet_->text(), packed_);
  sheet_->text().clear();
  if (end_of_member) compressor_->end_member(packed_);
  if (packed_.empty()) return;
  file_->append(packed_);
  packed_.clear();
}

void ExportWork::checkpoint(jobs::Attempt& attempt) {
  const storage::PartMark mark = file_->sync();  // before the commit that counts these bytes
  const bool first = !export_.part || export_.part->epoch != mark.epoch;
  export_.part = db::ExportPart{mark.epoch, mark.bytes, mark.crc};
  {
    db::Transaction transaction(attempt.connection());
    db::set_export_part(transaction, attempt.job().id, *export_.part);
    attempt.move_cursor(transaction, to_json(cursor_), progress());
    file_->keep();
    transaction.commit();
  }
  if (first) storage::ExportFile::remove(folder_of(attempt.config()), attempt.job().uid, mark.epoch - 1);
}

void ExportWork::finish(jobs::Attempt& attempt) {
  const storage::ExportFile::Published published = file_->publish(request_.compression);
  db::Transaction transaction(attempt.connection());
  db::finish_export(transaction, attempt.job().id,
                    {published.name, cursor_.rows, published.bytes, published.sha256},
                    attempt.config().export_ttl);
  attempt.succeed(transaction, Json::object({{"rows", cursor_.rows},
                                             {"bytes", published.bytes},
                                             {"sha256", to_hex(published.sha256)}}));
  transaction.commit();
  // Older holders' leavings; what cannot be removed now goes with the export.
  storage::ExportFile::remove(folder_of(attempt.config()), attempt.job().uid, attempt.job().epoch - 1);
}

jobs::Progress ExportWork::progress() const {
  jobs::Progress progress;
  progress.phase = "export";
  progress.records_done = cursor_.looked_at;
  progress.records_total = cursor_.looked_at_total;
  progress.bytes_done = file_ ? file_->size() : 0;
  return progress;
}

}  // namespace sluice::exports
