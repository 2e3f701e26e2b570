// SPDX-License-Identifier: MIT
#include "core/db/import_note_table.hpp"

#include "core/csv/layout.hpp"
#include "core/db/reject_table.hpp"

namespace sluice::db {
namespace {

using Native = BulkInsert::Native;

constexpr const char* kList =
    "SELECT record_no, kind, code, first_line, last_line, byte_offset, before_text, after_text FROM "
    "import_notes "
    "WHERE import_id = ? AND record_no > ? ORDER BY record_no LIMIT ?";
constexpr const char* kDeleteSome = "DELETE FROM import_notes WHERE import_id = ? LIMIT ?";

}  // namespace

NoteWriter::NoteWriter(Connection& connection, std::uint64_t import_id)
    : insert_(connection, "import_notes",
              {{"import_id", Native::integer, import_id},
               {"record_no", Native::integer},
               {"kind", Native::text},
               {"code", Native::text},
               {"first_line", Native::integer},
               {"last_line", Native::integer},
               {"byte_offset", Native::integer},
               {"before_text", Native::text},
               {"after_text", Native::text}}) {}

void NoteWriter::add(const csv::Record& record) {
  const bool repaired = record.kind == csv::RecordKind::row;
  insert_.add(static_cast<std::int64_t>(record.record_no));
  insert_.add(repaired ? std::string_view("repaired") : std::string_view("skipped"));
  insert_.add(repaired ? csv::to_string(record.repair) : csv::to_string(record.reason));
  insert_.add(static_cast<std::int64_t>(record.first_line));
  insert_.add(static_cast<std::int64_t>(record.last_line));
  insert_.add(static_cast<std::int64_t>(record.byte_offset));
  insert_.add(cut_text(record.raw, csv::kRawBytesKept));
  if (repaired) {
    packed_.clear();
    csv::pack_record(record.fields, packed_);
    insert_.add(cut_text(packed_, csv::kRawBytesKept));
  } else {
    insert_.add_null();
  }
  insert_.end_row();
}

std::vector<ImportNote> list_notes(Connection& connection, std::uint64_t import_id, std::uint64_t after,
                                   std::uint32_t limit) {
  std::vector<ImportNote> notes;
  for (const Row& row : connection.select(kList, {import_id, after, limit}))
    notes.push_back({row.u64(0), row.text(1), row.text(2), row.u64(3), row.u64(4), row.u64(5),
                     row.maybe_text(6), row.maybe_text(7)});
  return notes;
}

std::uint64_t delete_some_notes(Connection& connection, std::uint64_t import_id, std::uint32_t limit) {
  return connection.execute(kDeleteSome, {import_id, limit}).rows;
}

}  // namespace sluice::db
