// SPDX-License-Identifier: MIT
// One attempt at a team import. Phase `check` reads the file into team_import_rows, a batch a transaction;
// nobody sees anything of it among the teams. Then the job rests for review (dry run), or phase `apply`
// creates everything in one transaction.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/csv/byte_source.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/reader.hpp"
#include "core/db/team_import_lookup.hpp"
#include "core/db/team_import_table.hpp"
#include "core/db/upload_table.hpp"
#include "jobs/job.hpp"
#include "jobs/teams/columns.hpp"
#include "jobs/teams/cursor.hpp"
#include "jobs/teams/similar_names.hpp"

namespace sluice::teams {

class TeamWork final : public jobs::Work {
 public:
  explicit TeamWork(jobs::Attempt& attempt, std::size_t rows_per_batch = kRowsPerBatch);
  jobs::StepResult step(jobs::Attempt& attempt) override;

  static constexpr std::size_t kRowsPerBatch = 2000;

 private:
  jobs::StepResult clear(jobs::Attempt& attempt);
  jobs::StepResult check(jobs::Attempt& attempt);
  jobs::StepResult apply(jobs::Attempt& attempt);
  bool try_to_apply(jobs::Attempt& attempt);
  void check_again(jobs::Attempt& attempt, bool refused);
  void load(jobs::Attempt& attempt);
  void begin_check(jobs::Attempt& attempt);
  db::Upload find_upload(jobs::Attempt& attempt);
  void assemble(jobs::Attempt& attempt);
  void open_source(jobs::Attempt& attempt);
  void open_reader(jobs::Attempt& attempt);
  jobs::Progress progress(std::string phase) const;

  std::size_t rows_per_batch_;
  ColumnChoice choice_;
  Cursor cursor_;
  db::TeamImport import_;
  std::unique_ptr<csv::ByteSource> source_;
  csv::Dialect dialect_;
  Columns columns_;
  std::optional<csv::Reader> reader_;
  std::optional<db::PairLookup> lookup_;
  SimilarNames names_;
};

}  // namespace sluice::teams
