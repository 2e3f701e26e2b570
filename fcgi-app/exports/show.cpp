// SPDX-License-Identifier: MIT
#include <map>

#include "core/db/export_request.hpp"
#include "fcgi-app/exports/export_json.hpp"
#include "fcgi-app/exports/find.hpp"
#include "fcgi-app/exports/handlers.hpp"
#include "fcgi-app/jobs/filter.hpp"
#include "fcgi-app/jobs/job_json.hpp"

namespace sluice::fcgi {

FoundExport require_export(db::Connection& connection, const Actor& actor, const Uid& uid) {
  auto job = db::find_job(connection, actor, uid);
  auto e = job && job->kind == job::JobKind::exports ? db::find_export(connection, job->id) : std::nullopt;
  if (!e)
    throw Error(Kind::not_found, "export.not_found", "no such export", "There is no export at this address.");
  return {std::move(*job), std::move(*e)};
}

db::Dataset existing_dataset(std::optional<db::Dataset> found) {
  if (!found) {
    throw Error(Kind::not_found, "export.dataset_not_found", "no such dataset",
                "There is no dataset of that name or uid. GET /datasets lists those there are.");
  }
  return std::move(*found);
}

Response show_export(Request& request, const Actor& actor, Services& services) {
  const FoundExport found =
      services.db([&](db::Connection& db) { return require_export(db, actor, request.uid()); });
  return json_with_etag(request, export_json(found.job, found.e), retry_after_of(found.job));
}

Response list_exports(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  const auto before = number_in_cursor(page);
  Json::Array items;
  std::optional<int> retry_after;
  std::optional<std::string> next;
  services.db([&](db::Connection& connection) {
    const auto filter = job_filter_of(request, actor, connection, job::JobKind::exports);
    const db::JobList list = db::list_jobs(connection, actor, filter, page.limit, before);
    std::vector<std::uint64_t> ids;
    for (const db::JobRow& job : list.jobs) ids.push_back(job.id);
    std::map<std::uint64_t, db::Export> exports;
    for (db::Export& e : db::find_exports(connection, ids)) exports.emplace(e.job_id, std::move(e));
    for (const db::JobRow& job : list.jobs) {
      const auto at = exports.find(job.id);
      if (at == exports.end()) continue;
      items.push_back(export_json(job, at->second));
      if (const auto seconds = retry_after_of(job)) retry_after = seconds;
    }
    if (list.next_before) next = std::to_string(*list.next_before);
  });
  return json_with_etag(request, list_body(page, std::move(items), next), retry_after);
}

Response download_export(Request& request, const Actor& actor, Services& services) {
  const FoundExport found =
      services.db([&](db::Connection& db) { return require_export(db, actor, request.uid()); });
  if (found.job.state != job::State::succeeded) {
    const std::string state(job::shown_state(found.job.state, found.job.want, found.job.attempt));
    throw Error(Kind::conflict, "export.not_ready", state,
                "This export is " + state +
                    "; there is a file once it has succeeded. GET the export to see how far it is.");
  }
  if (found.e.deleted && !found.e.expired) {
    throw Error(Kind::gone, "export.deleted", "deleted",
                "The file was deleted. Start the export again to get a new one.");
  }
  if (!found.e.has_file()) {
    throw Error(Kind::gone, "export.expired", "expired",
                "The file was kept until its time was over. Start the export again to get a new one.");
  }
  const Compression compression = db::export_request_from(found.e.request).compression;
  const std::string_view media = compression == Compression::gzip   ? "application/gzip"
                                 : compression == Compression::zstd ? "application/zstd"
                                                                    : "text/csv; charset=utf-8";
  return file_response("exports/" + *found.e.file, download_name(found.e), media, found.e.sha256);
}

}  // namespace sluice::fcgi
