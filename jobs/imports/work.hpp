// SPDX-License-Identifier: MIT
// One attempt at an import: assemble → detect → (review) → target → load → verify → publish. Each phase is a
// file of this folder; each of its steps is one commit, so that a killed runner has done the whole step or
// nothing of it.
#pragma once
#include <memory>
#include <optional>

#include "core/csv/byte_source.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/import_options.hpp"
#include "core/db/import_table.hpp"
#include "core/db/upload_table.hpp"
#include "jobs/imports/cursor.hpp"
#include "jobs/imports/loader.hpp"
#include "jobs/job.hpp"

namespace sluice::imports {

/// How the work is divided.
struct Pace {
  std::uint64_t block_bytes = 0;  ///< of the index that detection writes; 0: as the file's length asks for
  std::uint64_t share_bytes = 8u << 20;  ///< a file of so many bytes is loaded by two
  std::uint64_t few_jobs = 2;            ///< only while no more jobs than these run in all
  std::uint64_t batch_records = Loader::kRecordsPerBatch;
  std::uint64_t rows_per_count = 50'000;  ///< of the verification: a few milliseconds
};

class ImportWork final : public jobs::Work {
 public:
  explicit ImportWork(const Pace& pace = {}) : pace_(pace) {}
  jobs::StepResult step(jobs::Attempt& attempt) override;

 private:
  void open(jobs::Attempt& attempt);
  jobs::StepResult assemble(jobs::Attempt& attempt);
  jobs::StepResult detect(jobs::Attempt& attempt);
  jobs::StepResult choose_target(jobs::Attempt& attempt);
  jobs::StepResult load(jobs::Attempt& attempt);
  jobs::StepResult verify(jobs::Attempt& attempt);
  jobs::StepResult publish(jobs::Attempt& attempt);

  /// The bytes, as pieces or assembled.
  std::unique_ptr<csv::ByteSource> open_source(jobs::Attempt& attempt);
  /// Of the phase at hand, with the counts so far.
  jobs::Progress progress() const { return progress_at(cursor_); }
  jobs::Progress progress_at(const Cursor& cursor) const;
  /// Few jobs run and the file is long: a second thread and connection are worth it.
  bool may_share(jobs::Attempt& attempt) const;
  std::vector<Part> split(jobs::Attempt& attempt) const;
  Actor owner(const jobs::Attempt& attempt) const;
  /// A first load makes a dataset of whatever file, perhaps one of rejects alone.
  bool must_give_rows() const { return options_.append || import_.replaces_import_id; }

  Pace pace_;
  bool opened_ = false;
  Cursor cursor_;
  db::Import import_;
  db::ImportOptions options_;
  db::Upload upload_;
};

}  // namespace sluice::imports
