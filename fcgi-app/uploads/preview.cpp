// SPDX-License-Identifier: MIT
// What the import found, once it has; until then, and whenever options are tried out, what detection makes of
// the beginning. Rows, rejects and skipped records are read from the start.
#include <charconv>

#include "core/base/error.hpp"
#include "core/csv/reader.hpp"
#include "core/csv/text_reason.hpp"
#include "core/db/import_findings.hpp"
#include "core/db/import_table.hpp"
#include "core/db/reject_table.hpp"
#include "fcgi-app/datasets/dataset_json.hpp"
#include "fcgi-app/request_error.hpp"
#include "fcgi-app/tus/lookup.hpp"
#include "fcgi-app/uploads/content.hpp"
#include "fcgi-app/uploads/look.hpp"
#include "fcgi-app/uploads/trial.hpp"

namespace sluice::fcgi::uploads {
namespace {

constexpr std::size_t kBytesOfCell = 1000;
constexpr std::uint32_t kRows = 50;
constexpr std::uint32_t kMostRows = 1000;
constexpr std::uint64_t kMostRecords = 5000;
constexpr std::size_t kOthersListed = 20;  // rejects, skipped records

struct Seen {
  csv::Dialect dialect;
  Json shown_dialect, columns, notices, counts;
};

Seen seen_by_import(const db::Import& import) {
  const auto columns = db::dataset_columns_from(*import.columns);
  return {db::dialect_from(*import.dialect), shown_dialect(*import.dialect), columns_json(columns),
          *import.notices,
          Json::object({{"whole", true},
                        {"records", import.records},
                        {"rejected", import.published_at ? Json(import.rejected) : Json()},
                        {"skipped", import.skipped},
                        {"repaired", import.repaired}})};
}

Seen seen_at_the_beginning(csv::ByteSource& source, const Json& options) {
  const Look look = look_at(source, db::import_options_from(options));
  const csv::TableReport& report = look.report;
  std::vector<db::DatasetColumn> columns;
  std::vector<csv::TextColumn> all;
  for (const csv::ColumnReport& found : report.columns) {
    columns.push_back({found.original_name, found.shown_name, found.verdict.type, found.verdict.order,
                       found.verdict.least, found.verdict.greatest});
    all.push_back({found.shown_name, &found});
  }
  Json notices = Json::array();
  for (const std::string& notice : report.notices) notices.push(notice);
  for (const std::string& reason : csv::text_reasons(all)) notices.push(reason);
  if (!look.whole) notices.push("Only the beginning of the file was looked at so far.");
  return {report.detected.dialect, shown_dialect(db::dialect_json(report.detected)), columns_json(columns),
          std::move(notices),
          Json::object({{"whole", look.whole},
                        {"records", report.counts.records},
                        {"rejected", report.counts.rejected()},
                        {"skipped", report.counts.all_skipped()},
                        {"repaired", report.counts.repaired}})};
}

/// The first records by what becomes of them.
struct FirstRecords {
  Json rows = Json::array(), rejects = Json::array(), skipped = Json::array();
};

Json row_json(const csv::Record& record) {
  Json row = Json::array();
  for (const csv::Field& field : record.fields)
    row.push(field.is_null() ? Json() : Json(db::cut_text(field.text, kBytesOfCell)));
  return row;
}

Json other_json(const csv::Record& record, std::string_view code) {
  return Json::object({{"record", record.record_no},
                       {"line", record.first_line},
                       {"code", code},
                       {"text", db::cut_text(record.raw, kBytesOfCell)}});
}

FirstRecords first_records(csv::ByteSource& source, const csv::Dialect& dialect, std::uint32_t wanted) {
  FirstRecords first;
  csv::Reader reader(source, dialect);
  // Lines that somebody wants skipped are known to him; they may be many.
  std::uint64_t most = kMostRecords + dialect.preamble_lines;
  while (first.rows.items().size() < wanted && most-- > 0) {
    const csv::Record* record = reader.next();
    if (record == nullptr) break;
    if (record->kind == csv::RecordKind::row)
      first.rows.push(row_json(*record));
    else if (record->kind == csv::RecordKind::reject && first.rejects.items().size() < kOthersListed)
      first.rejects.push(other_json(*record, csv::to_string(record->code)));
    else if (record->kind == csv::RecordKind::skipped && first.skipped.items().size() < kOthersListed)
      first.skipped.push(other_json(*record, csv::to_string(record->reason)));
  }
  return first;
}

std::uint32_t rows_wanted(const Request& request) {
  const auto text = request.query_parameter("rows");
  if (!text) return kRows;
  std::uint32_t rows = 0;
  const char* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, rows);
  if (parsed.ec != std::errc{} || parsed.ptr != end || rows < 1 || rows > kMostRows)
    throw parameter_error("http.limit", "rows",
                          "must be a number from 1 to " + std::to_string(kMostRows) + ".", "range");
  return rows;
}

}  // namespace

Response preview_upload(Request& request, const Actor& actor, Services& services) {
  const std::uint32_t wanted = rows_wanted(request);
  std::optional<db::Upload> upload;
  std::optional<db::Import> import;
  std::unique_ptr<csv::ByteSource> source;
  services.db([&](db::Connection& connection) {
    upload = tus::find_living(connection, actor, request.uid());
    for (db::Import& found : db::imports_of_upload(connection, actor, upload->id)) {
      if (!found.dialect || import) continue;
      import = std::move(found);
    }
    if (upload->state == db::UploadState::open && upload->offset == 0)
      throw Error(Kind::conflict, "upload.nothing_yet", request.uid().text(),
                  "Nothing has arrived of this upload yet.");
    source = bytes_of(connection, services, *upload);
  });
  const Json& base = import ? import->options : upload->options;
  const auto trial = trial_options(request, base);
  const Seen seen =
      import && !trial ? seen_by_import(*import) : seen_at_the_beginning(*source, trial.value_or(base));
  FirstRecords first = first_records(*source, seen.dialect, wanted);
  return json_response(200, Json::object({{"dialect", seen.shown_dialect},
                                          {"columns", seen.columns},
                                          {"rows", std::move(first.rows)},
                                          {"rejects", std::move(first.rejects)},
                                          {"skipped", std::move(first.skipped)},
                                          {"counts", seen.counts},
                                          {"notices", seen.notices}}));
}

}  // namespace sluice::fcgi::uploads
