// SPDX-License-Identifier: MIT
// The report is made to be mended and uploaded again, so its cells are exactly those of the file (formulas
// too).
#include "core/csv/layout.hpp"
#include "core/csv/record.hpp"
#include "fcgi-app/teams/find.hpp"
#include "fcgi-app/teams/handlers.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::uint32_t kRowsPerRead = 500;
constexpr std::string_view kRecordEnd = "\r\n";

std::string header_of(const db::TeamImport& team_import) {
  std::vector<csv::Field> fields;
  for (const Json& name : team_import.mapping.value().at("header").items())
    fields.push_back({name.string(), false});
  for (const std::string_view added : {"_row", "_status", "_error"}) fields.push_back({added, false});
  std::string line;
  csv::pack_record(fields, line);
  return line.append(kRecordEnd);
}

std::string sentences(const Json& issues) {
  std::string text;
  for (const Json& issue : issues.items()) {
    if (!text.empty()) text += ' ';
    text += issue.at("message").string();
    if (const Json& hint = issue.at("hint"); hint.is_string()) text += " " + hint.string();
  }
  return text;
}

void add_line(const db::TeamImportRow& row, std::string& out) {
  const std::string number = std::to_string(row.row_no), error = sentences(row.errors);
  const csv::Field added[] = {{number, false}, {row.status, false}, {error, false}};
  out += row.raw;
  out += ',';
  csv::pack_record(added, out);
  if (!row.surplus.empty())
    out += "," + row.surplus;  // behind, so that the columns before it keep their places
  out += kRecordEnd;
}

}  // namespace

Response team_import_report(Request& request, const Actor& actor, Services& services) {
  const auto found =
      services.db([&](db::Connection& db) { return require_team_import(db, actor, request.uid()); });
  if (!found.team_import.checked) {
    throw Error(Kind::conflict, "team.not_checked", "no report yet",
                "The report is there once the whole file was checked.");
  }
  std::string name = found.team_import.filename.value_or("team.csv");
  if (name.ends_with(".csv")) name.resize(name.size() - 4);
  Response response(200);
  response.header("Content-Type", "text/csv; charset=utf-8")
      .header("Content-Disposition", content_disposition(name + " checked.csv"))
      .header("Cache-Control", "no-store");
  response.stream = [&services, job_id = found.job.id,
                     header = header_of(found.team_import)](const BodySink& write) {
    write(header);
    std::string lines;
    for (std::uint64_t after = 0;;) {
      const auto rows = services.db([&](db::Connection& db) {
        return db::list_team_rows(db, job_id, std::nullopt, kRowsPerRead, after);
      });
      lines.clear();
      for (const db::TeamImportRow& row : rows) add_line(row, lines);
      write(lines);
      if (rows.size() < kRowsPerRead) return;
      after = rows.back().row_no;
    }
  };
  return response;
}

}  // namespace sluice::fcgi
