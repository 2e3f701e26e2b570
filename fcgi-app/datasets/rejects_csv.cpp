// SPDX-License-Identifier: MIT
// The rejects are made to be mended and uploaded again (mode=append leaves out the three columns behind), so
// the cells are exactly those of the file, as far as they could be told.
#include "core/csv/reader.hpp"
#include "core/csv/writer.hpp"
#include "core/db/import_findings.hpp"
#include "core/db/import_table.hpp"
#include "core/db/reject_table.hpp"
#include "fcgi-app/datasets/handlers.hpp"

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

/// One import's rejects as lines with the dataset's columns.
class Lines {
 public:
  Lines(const db::Dataset& dataset, const db::Import& import, std::string& out)
      : dataset_(dataset),
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
    for (std::size_t i = 0; i < dataset_.columns.size(); ++i) {
      const std::size_t place = i < columns_.size() ? columns_[i].file_column : i;
      write(place < fields.size() ? fields[place] : csv::Field{});
    }
    writer_.field(std::to_string(reject.first_line));
    writer_.field(reject.column ? name_of(*reject.column) : std::string());
    writer_.field(reject.code + ": " + reject.message);
    for (std::size_t i = dataset_.columns.size(); i < fields.size(); ++i)
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

  const db::Dataset& dataset_;
  std::vector<db::ImportColumn> columns_;
  csv::Dialect dialect_;
  csv::Writer writer_;
};

std::string header_of(const db::Dataset& dataset) {
  std::string line;
  csv::Writer writer(line, {});
  for (const db::DatasetColumn& column : dataset.columns)
    writer.field(dataset.has_header ? column.original_name : column.name);
  for (const std::string_view added : {"_line", "_column", "_error"}) writer.field(added);
  writer.end_record();
  return line;
}

}  // namespace

Response rejects_csv(Request& request, const Actor& actor, Services& services) {
  db::Dataset dataset;
  std::vector<db::Import> imports;
  services.db([&](db::Connection& connection) {
    dataset = require_dataset(connection, actor, request.uid());
    imports = db::published_imports(connection, dataset.id);
  });
  Response response(200);
  response.header("Content-Type", "text/csv; charset=utf-8")
      .header("Content-Disposition", content_disposition(dataset.name + " rejects.csv"))
      .header("Cache-Control", "no-store");
  response.stream = [&services, dataset = std::move(dataset),
                     imports = std::move(imports)](const BodySink& write) {
    write(header_of(dataset));
    std::string text;
    for (const db::Import& import : imports) {
      if (import.rejected == 0) continue;
      Lines lines(dataset, import, text);
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

}  // namespace sluice::fcgi
