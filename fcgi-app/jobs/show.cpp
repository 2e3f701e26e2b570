// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>

#include "fcgi-app/jobs/handlers.hpp"
#include "fcgi-app/jobs/job_json.hpp"
#include "fcgi-app/request_error.hpp"

namespace sluice::fcgi::jobs {
namespace {

/// Words of "running,paused".
template <typename E, typename Parse>
std::vector<E> words_of(const Request& request, std::string_view parameter, Parse parse, const char* takes) {
  std::vector<E> out;
  const auto given = request.query_parameter(parameter);
  if (!given) return out;
  std::string_view rest = *given;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string_view word = rest.substr(0, comma);
    const auto known = parse(word);
    if (!known)
      throw RequestError(Kind::invalid, "request.members",
                         {{"?" + std::string(parameter), takes, "unknown"}});
    out.push_back(*known);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return out;
}

std::optional<std::uint64_t> id_of(const Page& page) {
  if (!page.after) return std::nullopt;
  std::uint64_t id = 0;
  const auto [end, problem] =
      std::from_chars(page.after->data(), page.after->data() + page.after->size(), id);
  if (problem != std::errc{} || end != page.after->data() + page.after->size())
    throw Error(Kind::invalid, "http.cursor", *page.after);
  return id;
}

db::JobRow require_job(const Request& request, const Actor& actor, db::Connection& connection) {
  auto job = db::find_job(connection, actor, request.uid());
  if (!job) throw Error(Kind::not_found, "job.not_found", request.uid().text());
  return std::move(*job);
}

}  // namespace

Response list_jobs(Request& request, const Actor& actor, Services& services) {
  db::JobFilter filter;
  filter.states = words_of<job::State>(request, "state", job::parse_state,
                                       "takes queued, running, paused, succeeded, failed, cancelled");
  filter.kinds = words_of<job::JobKind>(request, "kind", job::parse_kind, "takes import, team, export");
  const Page page = page_of(request);
  const auto before = id_of(page);
  const auto list = services.db([&](db::Connection& connection) {
    return db::list_jobs(connection, actor, filter, page.limit, before);
  });
  Json::Array items;
  bool active = false;
  for (const db::JobRow& job : list.jobs) {
    items.push_back(job_json(job));
    active = active || retry_after_of(job).has_value();
  }
  std::optional<std::string> next;
  if (list.next_before) next = std::to_string(*list.next_before);
  return json_with_etag(request, list_body(std::move(items), next), active ? std::optional(1) : std::nullopt);
}

Response get_job(Request& request, const Actor& actor, Services& services) {
  const auto job =
      services.db([&](db::Connection& connection) { return require_job(request, actor, connection); });
  return json_with_etag(request, job_json(job), retry_after_of(job));
}

Response list_events(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  const std::uint64_t after = id_of(page).value_or(0);
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
  return json_with_etag(request, list_body(std::move(items), next));
}

}  // namespace sluice::fcgi::jobs
