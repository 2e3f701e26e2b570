// SPDX-License-Identifier: MIT
#include "fcgi-app/jobs/filter.hpp"
#include "fcgi-app/jobs/handlers.hpp"
#include "fcgi-app/jobs/job_json.hpp"

namespace sluice::fcgi::jobs {
namespace {

db::JobRow require_job(const Request& request, const Actor& actor, db::Connection& connection) {
  auto job = db::find_job(connection, actor, request.uid());
  if (!job) throw Error(Kind::not_found, "job.not_found", request.uid().text());
  return std::move(*job);
}

}  // namespace

Response list_jobs(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  const auto before = number_in_cursor(page);
  const auto list = services.db([&](db::Connection& connection) {
    return db::list_jobs(connection, actor, job_filter_of(request, actor, connection), page.limit, before);
  });
  Json::Array items;
  bool active = false;
  for (const db::JobRow& job : list.jobs) {
    items.push_back(job_json(job));
    active = active || retry_after_of(job).has_value();
  }
  std::optional<std::string> next;
  if (list.next_before) next = std::to_string(*list.next_before);
  return json_with_etag(request, list_body(page, std::move(items), next),
                        active ? std::optional(1) : std::nullopt);
}

Response get_job(Request& request, const Actor& actor, Services& services) {
  const auto job =
      services.db([&](db::Connection& connection) { return require_job(request, actor, connection); });
  return json_with_etag(request, job_json(job), retry_after_of(job));
}

Response list_events(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  const std::uint64_t after = number_in_cursor(page).value_or(0);
  Json::Array items;
  std::optional<std::string> next;
  services.db([&](db::Connection& connection) {
    const auto job = require_job(request, actor, connection);
    const auto events = db::list_job_events(connection, job.id, after, page.limit + 1);
    for (const db::JobEvent& event : events) {
      if (items.size() == page.limit) {
        next = std::to_string(items.back().at("id").u64());
        break;
      }
      items.push_back(event_json(event));
    }
  });
  return json_with_etag(request, list_body(page, std::move(items), next));
}

}  // namespace sluice::fcgi::jobs
