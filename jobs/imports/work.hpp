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
#include "jobs/job.hpp"

namespace sluice::imports {

class Loader;

class ImportWork final : public jobs::Work {
 public:
  ImportWork();
  ~ImportWork() override;
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
  jobs::Progress progress() const;
  Actor owner(const jobs::Attempt& attempt) const;

  bool opened_ = false;
  Cursor cursor_;
  db::Import import_;
  db::ImportOptions options_;
  db::Upload upload_;
  std::unique_ptr<Loader> loader_;
};

}  // namespace sluice::imports
