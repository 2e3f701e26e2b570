// SPDX-License-Identifier: MIT
// Loader: takes records from the reader into packets of rows, rejects, notes and odd cells. It commits
// nothing.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/csv/reader.hpp"
#include "core/db/bulk_insert.hpp"
#include "core/db/cell_text_table.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/import_findings.hpp"
#include "core/db/import_note_table.hpp"
#include "core/db/import_table.hpp"
#include "core/db/reject_table.hpp"
#include "jobs/imports/cursor.hpp"

namespace sluice::imports {

class Loader {
 public:
  /// A batch is one commit: long enough that the commit costs little, short enough that a stop comes soon.
  static constexpr std::uint64_t kRecordsPerBatch = 10'000;

  /// Reads what is left of `part` from `source`, which must outlive it. The dataset's table must be there.
  Loader(db::Connection& connection, std::string_view data_database, const db::Dataset& dataset,
         const db::Import& import, csv::ByteSource& source, const Part& part,
         std::uint64_t batch_records = kRecordsPerBatch);

  /// Takes the next records until the batch is full; `between` is called at least every few milliseconds and
  /// may throw, after which this Loader is of no use any more. False: the part is at its end.
  template <typename Between>
  bool read_batch(Between between) {
    begin_batch();
    while (!batch_is_full()) {
      if (++since_between_ >= kRecordsBetween) {
        since_between_ = 0;
        between();
      }
      const csv::Record* record = reader_.next();
      if (record == nullptr) return false;
      take(*record);
    }
    return true;
  }
  /// Sends what is not sent yet: before the commit.
  void flush();

  const Counts& counts() const { return counts_; }  ///< of the batch
  csv::Position position() const { return reader_.position(); }
  /// Line and sentence of the batch's first reject, for people.
  const std::optional<std::string>& first_reject() const { return first_reject_; }

 private:
  static constexpr std::uint64_t kRecordsBetween = 100;

  void begin_batch();
  bool batch_is_full() const;
  void take(const csv::Record& record);
  void take_row(const csv::Record& record);
  bool parse(const csv::Record& record);
  void reject(const csv::Record& record, csv::RejectCode code, std::uint32_t column,
              std::string_view message);

  bool packed_;
  bool must_parse_;  ///< packed: some type was given by hand, so a cell may not fit
  std::vector<db::ImportColumn> columns_;
  std::vector<std::uint32_t> stored_;
  csv::Reader reader_;
  db::BulkInsert rows_;
  db::RejectWriter rejects_;
  db::NoteWriter notes_;
  db::CellTextWriter odd_cells_;
  std::uint64_t skipped_notes_;
  std::vector<csv::ParsedCell> cells_;
  std::vector<csv::Field> fields_;
  std::string record_;
  Counts counts_;
  std::optional<std::string> first_reject_;
  std::uint64_t batch_records_;
  std::uint64_t batch_start_ = 0;
  std::uint64_t since_between_ = 0;
};

}  // namespace sluice::imports
