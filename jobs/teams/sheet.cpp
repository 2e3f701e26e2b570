// SPDX-License-Identifier: MIT
#include "jobs/teams/sheet.hpp"

#include <string>
#include <utility>
#include <vector>

#include "core/base/error.hpp"

namespace sluice::teams {
namespace {

[[noreturn]] void fail(std::string_view code, std::string advice) {
  throw Error(Kind::invalid, code, advice, advice);
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + ("\"" + name + "\"");
  return text;
}

void require_columns(const Columns& columns) {
  if (!columns.unknown.empty()) {
    fail("team.unknown_column", "The file has no column " + listed(columns.unknown) + ". Its first row has " +
                                    listed(columns.header) + ".");
  }
  if (columns.complete()) return;
  const std::string what = !columns.team && !columns.email ? "The columns team and email are"
                           : !columns.team                 ? "The column team is"
                                                           : "The column email is";
  fail("team.missing_column", what +
                                  " missing. The first row must name the columns: team, name, email and "
                                  "role, in any order. The file's first row has " +
                                  listed(columns.header) + ".");
}

}  // namespace

// A team file names its columns, so a dialect in which they are found is the right one: when the best guess
// does not find them, the usual delimiters are tried.
Sheet find_sheet(csv::ByteSource& source, const ColumnChoice& choice) {
  csv::DialectOverrides overrides;
  overrides.header_rows = 1;
  overrides.short_records = csv::ShortRecords::reject;  // a member is not guessed
  csv::DetectedDialect detected = csv::detect_dialect(source, overrides);
  if (detected.content == csv::Content::not_text) fail("team.not_text", detected.reason);
  if (detected.content == csv::Content::empty) fail("team.empty", "The file is empty.");
  Columns columns = match_columns(detected.header, choice);
  for (const char* delimiter : {",", ";", "\t", "|"}) {
    if (columns.complete()) break;
    overrides.delimiter = delimiter;
    csv::DetectedDialect other = csv::detect_dialect(source, overrides);
    if (Columns found = match_columns(other.header, choice); found.complete()) {
      columns = std::move(found);
      detected = std::move(other);
    }
  }
  require_columns(columns);
  return {detected.dialect, std::move(columns)};
}

}  // namespace sluice::teams
