// SPDX-License-Identifier: MIT
#include "jobs/imports/loader.hpp"

#include <new>
#include <type_traits>

#include "core/db/dataset_storage.hpp"

namespace sluice::imports {
namespace {

/// A batch of wide or long records is shorter.
constexpr std::uint64_t kCellsPerBatch = 100'000;
constexpr std::uint64_t kBytesPerBatch = 4u << 20;
/// Skipped records are counted without end, but listed only as long as anybody would read.
constexpr std::uint64_t kSkippedListed = 1000;

/// The columns in the file's order are those of the dataset?
bool in_file_order(const std::vector<db::ImportColumn>& columns) {
  for (std::uint32_t i = 0; i < columns.size(); ++i)
    if (columns[i].file_column != i) return false;
  return true;
}

void add_value(db::BulkInsert& rows, const csv::ColumnType& type, const csv::TypedValue& value) {
  std::visit(
      [&](const auto& held) {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::monostate>)
          rows.add_null();
        else if constexpr (std::is_same_v<T, bool>)
          rows.add(static_cast<std::int64_t>(held));
        else if constexpr (std::is_same_v<T, csv::Decimal>)
          rows.add(held.view());
        else if constexpr (std::is_same_v<T, csv::Date>) {
          if (type.type == csv::Type::datetime)
            rows.add(csv::DateTime{held, {}});
          else
            rows.add(held);
        } else
          rows.add(held);
      },
      value);
}

std::string_view sentence(csv::CellStatus status) {
  return status == csv::CellStatus::out_of_range ? "The value is out of the range of its column."
                                                 : "The value is not of its column's type.";
}

}  // namespace

Loader::Loader(db::Connection& connection, std::string_view data_database, const db::Dataset& dataset,
               const db::Import& import, csv::ByteSource& source, const Part& part,
               std::uint64_t batch_records)
    : packed_(dataset.layout == csv::Layout::packed),
      must_parse_(false),
      columns_(db::import_columns_from(*import.columns)),
      stored_(db::stored_columns(dataset)),
      reader_(source, db::dialect_from(*import.dialect), part.at, part.until),
      rows_(connection, db::rows_table(data_database, dataset.id),
            db::row_insert_columns(dataset, import.id)),
      rejects_(connection, import.id),
      notes_(connection, import.id),
      odd_cells_(connection, import.id),
      skipped_notes_(part.counts.skipped),
      batch_records_(batch_records) {
  must_parse_ = packed_ && (!in_file_order(columns_) || import.options.find("columns") != nullptr ||
                            dataset.created_by_job != import.job_id);
  cells_.resize(columns_.size());
}

void Loader::begin_batch() {
  counts_ = {};
  first_reject_.reset();
  batch_start_ = reader_.position().offset;
}

bool Loader::batch_is_full() const {
  const std::uint64_t records = counts_.loaded + counts_.rejected + counts_.skipped;
  if (records >= batch_records_ || records * columns_.size() >= kCellsPerBatch) return true;
  return reader_.position().offset - batch_start_ >= kBytesPerBatch;
}

void Loader::take(const csv::Record& record) {
  switch (record.kind) {
    case csv::RecordKind::row:
      return take_row(record);
    case csv::RecordKind::reject:
      return reject(record, record.code, record.column, record.message);
    case csv::RecordKind::skipped:
      ++counts_.skipped;
      if (skipped_notes_++ < kSkippedListed) notes_.add(record);
      return;
  }
}

static_assert(std::is_trivially_destructible_v<csv::ParsedCell>);

/// Fills cells_. False: the record was rejected.
bool Loader::parse(const csv::Record& record) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const csv::ColumnType& type = columns_[i].column.type;
    if (packed_ && !must_parse_ && !csv::is_date(type.type)) continue;
    // Made in its place: a copy would load at once, in other widths, what was just stored.
    new (&cells_[i]) csv::ParsedCell(csv::parse_cell(type, record.fields[columns_[i].file_column]));
    const csv::CellStatus status = cells_[i].status;
    if (status == csv::CellStatus::exact || status == csv::CellStatus::written_otherwise) continue;
    const auto code =
        status == csv::CellStatus::out_of_range ? csv::RejectCode::out_of_range : csv::RejectCode::bad_type;
    reject(record, code, columns_[i].file_column + 1, sentence(status));
    return false;
  }
  return true;
}

void Loader::take_row(const csv::Record& record) {
  if (!parse(record)) return;
  if (packed_) {
    record_.clear();
    fields_.clear();
    for (const auto& column : columns_) fields_.push_back(record.fields[column.file_column]);
    csv::pack_record(fields_, record_);
    if (record_.size() > db::BulkInsert::kMaxRowBytes)
      return reject(record, csv::RejectCode::too_long, 0, "The record is too long.");
  }
  rows_.add(static_cast<std::int64_t>(record.row_no));
  for (const std::uint32_t i : stored_) add_value(rows_, columns_[i].column.type, cells_[i].value);
  if (packed_) rows_.add(std::string_view(record_));
  rows_.end_row();
  if (!packed_) {
    for (std::uint32_t i = 0; i < columns_.size(); ++i)
      if (cells_[i].status == csv::CellStatus::written_otherwise)
        odd_cells_.add(record.row_no, i, record.fields[columns_[i].file_column]);
  }
  ++counts_.loaded;
  if (record.repair == csv::Repair::none) return;
  ++counts_.repaired;
  notes_.add(record);
}

void Loader::reject(const csv::Record& record, csv::RejectCode code, std::uint32_t column,
                    std::string_view message) {
  ++counts_.rejected;
  csv::Record whole = record;
  whole.raw = reader_.raw();  // a row has none of its own
  rejects_.add(whole, code, column, message);
  if (!first_reject_)
    first_reject_ = "line " + std::to_string(record.first_line) + ": " + std::string(message);
}

void Loader::flush() {
  rows_.flush();
  rejects_.flush();
  notes_.flush();
  odd_cells_.flush();
}

}  // namespace sluice::imports
