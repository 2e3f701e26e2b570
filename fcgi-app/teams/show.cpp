// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <map>

#include "fcgi-app/http.hpp"
#include "fcgi-app/jobs/filter.hpp"
#include "fcgi-app/jobs/job_json.hpp"
#include "fcgi-app/teams/find.hpp"
#include "fcgi-app/teams/handlers.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::array<std::string_view, 4> kStatuses = {"created", "updated", "unchanged", "error"};

Json columns_json(const db::TeamImport& team_import) {
  if (!team_import.mapping) return {};
  return Json::object(
      {{"mapped", team_import.mapping->at("mapped")}, {"ignored", team_import.mapping->at("ignored")}});
}

Json refusal_json(const db::TeamImport& team_import) {
  if (!team_import.commit_refused) return {};
  return Json::object(
      {{"code", *team_import.commit_refused},
       {"detail",
        "Another import was applied first, so nothing was created. The file was checked again "
        "against the teams as they are now: look at it anew, then create it."}});
}

Json row_json(const db::TeamImportRow& row) {
  return Json::object({{"row", row.row_no},
                       {"line", row.line},
                       {"status", row.status},
                       {"team", row.team},
                       {"name", row.name},
                       {"email", row.email},
                       {"role", row.role},
                       {"errors", row.errors}});
}

}  // namespace

FoundTeamImport require_team_import(db::Connection& connection, const Actor& actor, const Uid& uid) {
  auto job = db::find_job(connection, actor, uid);
  auto found =
      job && job->kind == job::JobKind::team ? db::find_team_import(connection, job->id) : std::nullopt;
  if (!found)
    throw Error(Kind::not_found, "team.not_found", "no such team import",
                "There is no import of teams at this address.");
  return {std::move(*job), std::move(*found)};
}

bool is_in_review(const FoundTeamImport& found) {
  const db::TeamImport& t = found.team_import;
  return found.job.state == job::State::paused && t.checked && t.dry_run && !t.applied;
}

bool can_be_undone(const FoundTeamImport& found) {
  return found.team_import.applied && !found.team_import.undone;
}

Json team_import_json(const FoundTeamImport& found) {
  const db::TeamImport& t = found.team_import;
  Json json = job_json(found.job);
  Json links = json.at("links");
  if (is_in_review(found)) links.set("commit", "/team/" + found.job.uid.text() + "/commit");
  if (can_be_undone(found)) links.set("undo", "/team/" + found.job.uid.text() + "/undo");
  json.set("links", links);
  json.set("team_import", Json::object({{"filename", t.filename},
                                        {"upload", t.upload_uid.text()},
                                        {"dry_run", t.dry_run},
                                        {"on_error", t.skip_errors ? "skip" : "abort"},
                                        {"checked", t.checked},
                                        {"committed", t.applied},
                                        {"commit_refused", refusal_json(t)},
                                        {"undone", t.undone},
                                        {"undo_of", t.undo_of_uid ? Json(t.undo_of_uid->text()) : Json()},
                                        {"counts", Json::object({{"created", t.counts.created},
                                                                 {"updated", t.counts.updated},
                                                                 {"unchanged", t.counts.unchanged},
                                                                 {"errors", t.counts.errors},
                                                                 {"total", t.counts.total}})},
                                        {"teams_created", t.counts.teams_created},
                                        {"columns", columns_json(t)}}));
  return json;
}

Response show_team_import(Request& request, const Actor& actor, Services& services) {
  const auto found =
      services.db([&](db::Connection& db) { return require_team_import(db, actor, request.uid()); });
  return json_with_etag(request, team_import_json(found), retry_after_of(found.job));
}

Response list_team_imports(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  const auto before = number_in_cursor(page);
  Json::Array items;
  std::optional<std::string> next;
  std::optional<int> retry_after;
  services.db([&](db::Connection& connection) {
    const auto filter = job_filter_of(request, actor, connection, job::JobKind::team);
    db::JobList list = db::list_jobs(connection, actor, filter, page.limit, before);
    std::vector<std::uint64_t> ids;
    for (const db::JobRow& job : list.jobs) ids.push_back(job.id);
    std::map<std::uint64_t, db::TeamImport> imports;
    for (db::TeamImport& found : db::find_team_imports(connection, ids))
      imports.emplace(found.job_id, std::move(found));
    for (db::JobRow& job : list.jobs) {
      const auto at = imports.find(job.id);
      if (at == imports.end()) continue;
      if (const auto seconds = retry_after_of(job)) retry_after = seconds;
      items.push_back(team_import_json({std::move(job), std::move(at->second)}));
    }
    if (list.next_before) next = std::to_string(*list.next_before);
  });
  return json_with_etag(request, list_body(page, std::move(items), next), retry_after);
}

Response list_team_import_rows(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  auto status = request.query_parameter("status");
  if (status && (status->empty() || *status == "all")) status.reset();
  if (status && std::find(kStatuses.begin(), kStatuses.end(), *status) == kStatuses.end()) {
    throw Error(Kind::invalid, "team.status", *status, "status is created, updated, unchanged or error.");
  }
  Json::Array items;
  std::optional<std::string> next;
  services.db([&](db::Connection& connection) {
    const FoundTeamImport found = require_team_import(connection, actor, request.uid());
    const std::uint64_t after = number_in_cursor(page).value_or(0);
    const auto rows = db::list_team_rows(connection, found.job.id, status, page.limit + 1, after);
    for (const db::TeamImportRow& row : rows) {
      if (items.size() == page.limit) {
        next = std::to_string(rows[page.limit - 1].row_no);
        break;
      }
      items.push_back(row_json(row));
    }
  });
  return json_response(200, list_body(page, std::move(items), next));
}

}  // namespace sluice::fcgi
