// SPDX-License-Identifier: MIT
#include "fcgi-app/teams/read_request.hpp"

#include <array>
#include <set>

#include "core/base/fold.hpp"
#include "fcgi-app/json_request.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::array<std::string_view, 4> kFields = {"team", "name", "email", "role"};
constexpr std::size_t kMostNameBytes = 4000;  // of a column

[[noreturn]] void refuse(std::string detail, std::string advice) {
  throw Error(Kind::invalid, "team.options", std::move(detail), std::move(advice));
}

bool dry_run_of(const Request& request) {
  const std::string word = request.query_parameter("dry_run").value_or("0");
  if (word == "1" || word == "true") return true;
  if (word == "0" || word == "false") return false;
  refuse(word, "dry_run is 1 or 0.");
}

// One column cannot be two things, and the team and the e-mail must be somewhere.
void require_sensible(const Json& columns) {
  if (columns.is_null()) return;
  std::set<std::string> seen;
  for (const auto& [field, column] : columns.members()) {
    const std::string& name = column.string();
    if (name.empty() && (field == "team" || field == "email"))
      refuse(field, "A team file needs a column for " + field + "; only name and role may be left out.");
    if (!name.empty() && !seen.insert(name_key(name)).second)
      refuse(name, "The column \"" + name + "\" is named for two fields. Name each column once.");
  }
}

}  // namespace

bool skip_errors_of(const Request& request, bool otherwise) {
  const auto word = request.query_parameter("on_error");
  if (!word) return otherwise;
  if (*word == "skip") return true;
  if (*word == "abort") return false;
  refuse(*word, "on_error is abort or skip.");
}

TeamImportOptions team_import_options(const Request& request) {
  TeamImportOptions options;
  options.skip_errors = skip_errors_of(request, false);
  options.dry_run = dry_run_of(request);
  for (const std::string_view field : kFields) {
    const auto name = request.query_parameter(std::string(field) + "_column");
    if (!name) continue;
    if (name->size() > kMostNameBytes) refuse("a long name", "No column has a name as long as that.");
    if (options.columns.is_null()) options.columns = Json::object();
    options.columns.set(field, *name);
  }
  require_sensible(options.columns);
  return options;
}

Uid read_upload_body(const Request& request, TeamImportOptions& options) {
  JsonRequest in(request);
  const auto uid = Uid::parse(in.required_string("upload"));
  if (!uid) in.fault("upload", "must be the uid of an upload", "uid");
  if (const Json* given = in.value("columns"); given != nullptr && !given->is_null()) {
    JsonRequest columns(*given, "#/columns");
    Json chosen = options.columns.is_null() ? Json::object() : options.columns;
    for (const std::string_view field : kFields) {
      if (const auto name = columns.string(field, kMostNameBytes)) chosen.set(field, *name);
    }
    columns.finish();
    options.columns = std::move(chosen);
  }
  in.finish();
  require_sensible(options.columns);
  return *uid;
}

}  // namespace sluice::fcgi
