// SPDX-License-Identifier: MIT
// The rejects are made to be mended and uploaded again (mode=append leaves out the three columns behind), so
// the cells are exactly those of the file, as far as they could be told.
#include "core/csv/reader.hpp"
#include "core/csv/writer.hpp"
#include "core/db/import_findings.hpp"
#include "core/db/import_table.hpp"
#include "core/db/reject_table.hpp"
#include "fcgi-app/datasets/handlers.hpp"
#include "fcgi-app/datasets/reject_source.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::uint32_t kRejectsPerRead = 500;

/// Reads a reject's text by itself, in the dialect of its file.
csv::Dialect for_one_record(const db::Import& import) {
  csv::Dialect dialect = db::dialect_from(*import.dialect);
  dialect.encoding = csv::Encoding::utf8;
  dialect.bom_bytes = 0;
  dialect.preamble_lines = 0;
  dialect.header_rows = 0;
  dialect.comment = 0;
  dialect.footer_offset = dialect.second_table_offset = csv::Dialect::kNowhere;
  return dialect;
}

/// One import's rejects as lines with the columns asked for.
class Lines {
 public:
  Lines(std::size_t width, const db::Import& import, std::string& out)
      : width_(width),
        columns_(db::import_columns_from(*import.columns)),
        dialect_(for_one_record(import)),
        writer_(out, {}) {}

  void add(const db::Reject& reject) {
    csv::MemorySource source(reject.raw);
    csv::Reader reader(source, dialect_);
    const csv::Record* record = reader.next();
    std::vector<csv::Field> fields;
    if (record != nullptr) fields.assign(record->fields.begin(), record->fields.end());
    if (fields.empty()) fields.push_back({reject.raw, false});
    for (std::size_t i = 0; i < width_; ++i) {
      const std::size_t place = i < columns_.size() ? columns_[i].file_column : i;
      write(place < fields.size() ? fields[place] : csv::Field{});
    }
    writer_.field(std::to_string(reject.first_line));
    writer_.field(reject.column ? name_of(*reject.column) : std::string());
    writer_.field(reject.code + ": " + reject.message);
    for (std::size_t i = width_; i < fields.size(); ++i)
      write(fields[i]);  // behind: the others keep their places
    writer_.end_record();
  }

 private:
  void write(const csv::Field& field) {
    if (field.is_null())
      writer_.null();
    else
      writer_.field(field.text);
  }
  std::string name_of(std::uint32_t file_column) const {
    for (const db::ImportColumn& column : columns_)
      if (column.file_column == file_column) return column.column.name;
    return std::to_string(file_column + 1);
  }

  std::size_t width_;
  std::vector<db::ImportColumn> columns_;
  csv::Dialect dialect_;
  csv::Writer writer_;
};

std::string header_of(const RejectSource& source) {
  std::string line;
  csv::Writer writer(line, {});
  for (const db::DatasetColumn& column : source.columns)
    writer.field(source.has_header ? column.original_name : column.name);
  for (const std::string_view added : {"_line", "_column", "_error"}) writer.field(added);
  writer.end_record();
  return line;
}

Response csv_of(RejectSource source, Services& services) {
  Response response(200);
  response.header("Content-Type", "text/csv; charset=utf-8")
      .header("Content-Disposition", content_disposition(source.name + " rejects.csv"))
      .header("Cache-Control", "no-store");
  response.stream = [&services, source = std::move(source)](const BodySink& write) {
    write(header_of(source));
    std::string text;
    for (const db::Import& import : source.imports) {
      Lines lines(source.columns.size(), import, text);
      for (std::uint64_t after = 0;;) {
        const auto rejects = services.db(
            [&](db::Connection& db) { return db::list_rejects(db, import.id, after, kRejectsPerRead); });
        for (const db::Reject& reject : rejects) lines.add(reject);
        write(text);
        text.clear();
        if (rejects.size() < kRejectsPerRead) break;
        after = rejects.back().record_no;
      }
    }
  };
  return response;
}

}  // namespace

Response rejects_csv(Request& request, const Actor& actor, Services& services) {
  return csv_of(services.db([&](db::Connection& connection) {
    return rejects_of_dataset(connection, actor, request.uid());
  }),
                services);
}

Response upload_rejects_csv(Request& request, const Actor& actor, Services& services) {
  return csv_of(services.db([&](db::Connection& connection) {
    return rejects_of_upload(connection, actor, request.uid());
  }),
                services);
}

}  // namespace sluice::fcgi
