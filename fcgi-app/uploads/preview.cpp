// SPDX-License-Identifier: MIT
// What the import found, once it has; until then what detection makes of the first MiB. Rows are read from
// the start.
#include <algorithm>
#include <charconv>

#include "core/base/error.hpp"
#include "core/csv/table_scan.hpp"
#include "core/db/import_findings.hpp"
#include "core/db/import_options.hpp"
#include "core/db/import_table.hpp"
#include "core/db/reject_table.hpp"
#include "core/db/upload_table.hpp"
#include "core/storage/upload_file.hpp"
#include "fcgi-app/datasets/dataset_json.hpp"
#include "fcgi-app/uploads/content.hpp"
#include "fcgi-app/uploads/enqueue.hpp"

namespace sluice::fcgi::uploads {
namespace {

constexpr std::uint64_t kBytesLookedAt = 1u << 20;
constexpr std::size_t kBytesOfCell = 1000;
constexpr std::uint32_t kRows = 50;
constexpr std::uint32_t kMostRows = 1000;
constexpr std::uint64_t kMostRecords = 5000;

/// The first bytes of a source.
class Beginning final : public csv::ByteSource {
 public:
  explicit Beginning(csv::ByteSource& source)
      : source_(source), size_(std::min(source.size(), kBytesLookedAt)) {}
  std::uint64_t size() const override { return size_; }
  std::size_t read(std::uint64_t offset, std::span<char> into) override {
    if (offset >= size_) return 0;
    return source_.read(
        offset, into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_ - offset))));
  }

 private:
  csv::ByteSource& source_;
  std::uint64_t size_;
};

struct Seen {
  csv::Dialect dialect;
  Json shown_dialect, columns, notices;
};

Seen seen_by_import(const db::Import& import) {
  const auto columns = db::dataset_columns_from(*import.columns);
  return {db::dialect_from(*import.dialect), shown_dialect(*import.dialect), columns_json(columns),
          *import.notices};
}

Seen seen_at_the_beginning(csv::ByteSource& source, const Json& options) {
  Beginning beginning(source);
  csv::ScanOptions scan;
  const db::ImportOptions wanted = db::import_options_from(options);
  scan.overrides = wanted.dialect;
  scan.types_as_text = wanted.types_as_text;
  const csv::TableReport report = *csv::detect_table(beginning, scan);
  if (report.detected.content == csv::Content::not_text)
    throw Error(Kind::invalid, "import.not_text", report.detected.reason, report.detected.reason);
  std::vector<db::DatasetColumn> columns;
  for (const csv::ColumnReport& found : report.columns)
    columns.push_back({found.original_name, found.shown_name, found.verdict.type, found.verdict.order,
                       found.verdict.least, found.verdict.greatest});
  Json notices = Json::array();
  for (const std::string& notice : report.notices) notices.push(notice);
  if (source.size() > beginning.size()) notices.push("Only the first MiB was looked at so far.");
  return {report.detected.dialect, shown_dialect(db::dialect_json(report.detected)), columns_json(columns),
          std::move(notices)};
}

Json first_rows(csv::ByteSource& source, const csv::Dialect& dialect, std::uint32_t wanted) {
  Json rows = Json::array();
  csv::Reader reader(source, dialect);
  std::uint64_t records = 0;
  while (rows.items().size() < wanted && ++records <= kMostRecords) {
    const csv::Record* record = reader.next();
    if (record == nullptr) break;
    if (record->kind != csv::RecordKind::row) continue;
    Json row = Json::array();
    for (const csv::Field& field : record->fields)
      row.push(field.is_null() ? Json() : Json(db::cut_text(field.text, kBytesOfCell)));
    rows.push(std::move(row));
  }
  return rows;
}

std::uint32_t rows_wanted(const Request& request) {
  const auto text = request.query_parameter("rows");
  if (!text) return kRows;
  std::uint32_t rows = 0;
  const char* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, rows);
  if (parsed.ec != std::errc{} || parsed.ptr != end || rows < 1 || rows > kMostRows)
    throw Error(Kind::invalid, "http.limit", *text);
  return rows;
}

}  // namespace

Response preview_upload(Request& request, const Actor& actor, Services& services) {
  const std::uint32_t wanted = rows_wanted(request);
  std::optional<db::Upload> upload;
  std::optional<db::Import> import;
  std::vector<storage::StoredPiece> pieces;
  services.db([&](db::Connection& connection) {
    upload = db::find_upload(connection, actor, request.uid());
    if (!upload || upload->state == db::UploadState::gone)
      throw Error(Kind::not_found, "upload.not_found", request.uid().text());
    for (const db::Piece& piece : db::pieces_of(connection, upload->id))
      if (piece.length > 0) pieces.push_back({services.config.pieces_dir() + "/" + piece.file, piece.length});
    for (db::Import& found : db::imports_of_upload(connection, actor, upload->id)) {
      if (!found.dialect || import) continue;
      import = std::move(found);
    }
  });
  if (upload->state == db::UploadState::open && upload->offset == 0)
    throw Error(Kind::conflict, "upload.nothing_yet", request.uid().text(),
                "Nothing has arrived of this upload yet.");
  const auto source = storage::open_upload(services.config.files_dir(), upload->uid, std::move(pieces));
  const Seen seen =
      import ? seen_by_import(*import) : seen_at_the_beginning(*source, import_options(*upload));
  return json_response(200, Json::object({{"dialect", seen.shown_dialect},
                                          {"columns", seen.columns},
                                          {"rows", first_rows(*source, seen.dialect, wanted)},
                                          {"notices", seen.notices}}));
}

}  // namespace sluice::fcgi::uploads
