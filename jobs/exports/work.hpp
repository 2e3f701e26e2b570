// SPDX-License-Identifier: MIT
// One attempt at an export: pages of rows into the part, checkpoints, the finished file.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/compressor.hpp"
#include "core/db/dataset_rows.hpp"
#include "core/db/export_table.hpp"
#include "core/storage/export_file.hpp"
#include "jobs/exports/csv_sheet.hpp"
#include "jobs/job.hpp"

namespace sluice::exports {

/// Where the next step starts. It only ever stands between two members of the file.
struct Cursor {
  db::RowKey after;
  std::uint64_t rows = 0;       ///< written so far
  std::uint64_t looked_at = 0;  ///< row numbers, for progress
  std::uint64_t looked_at_total = 0;
};
Json to_json(const Cursor& cursor);
Cursor cursor_from(const Json& json);

storage::ExportFolder folder_of(const Config& config);

class ExportWork final : public jobs::Work {
 public:
  /// A checkpoint after this much work; how often decides nothing about the file's bytes.
  struct Pace {
    std::chrono::milliseconds time{500};
    std::uint64_t pages = ~std::uint64_t{0};
    std::uint64_t rows_per_page =
        db::DatasetRows::kRowsPerPage;  ///< this one does: a page is a member of the file
  };

  explicit ExportWork(jobs::Attempt& attempt) : ExportWork(attempt, Pace{}) {}
  ExportWork(jobs::Attempt& attempt, Pace pace);
  jobs::StepResult step(jobs::Attempt& attempt) override;

 private:
  void start(jobs::Attempt& attempt);
  void pin_again(db::Connection& connection);
  storage::ExportFile open_file(jobs::Attempt& attempt);
  bool write_page(jobs::Attempt& attempt);
  void drain(bool end_of_member);
  void checkpoint(jobs::Attempt& attempt);
  void finish(jobs::Attempt& attempt);
  jobs::Progress progress() const;

  Pace pace_;
  Cursor cursor_;
  db::Export export_;
  db::ExportRequest request_;
  std::optional<storage::ExportFile> file_;
  std::unique_ptr<CsvSheet> sheet_;
  std::unique_ptr<db::DatasetRows> rows_;
  std::optional<Compressor> compressor_;
  std::string packed_;
  std::uint64_t page_limit_ = db::DatasetRows::kRowsPerPage;
};

}  // namespace sluice::exports
