// SPDX-License-Identifier: MIT
#include "fcgi-app/jobs/filter.hpp"

#include <charconv>

#include "core/db/dataset_table.hpp"
#include "fcgi-app/request_error.hpp"

namespace sluice::fcgi {
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

db::JobFilter states_and_dataset(const Request& request, const Actor& actor, db::Connection& connection) {
  db::JobFilter filter;
  filter.states = words_of<job::State>(request, "state", job::parse_state,
                                       "takes queued, running, paused, succeeded, failed, cancelled");
  if (const auto name = request.query_parameter("dataset"); name && !name->empty()) {
    const auto dataset = db::find_dataset(connection, actor, *name);
    if (!dataset)
      throw Error(Kind::not_found, "dataset.not_found", "no such dataset",
                  "There is no dataset of that name or uid. GET /datasets lists those there are.");
    filter.dataset_id = dataset->id;
  }
  return filter;
}

}  // namespace

db::JobFilter job_filter_of(const Request& request, const Actor& actor, db::Connection& connection) {
  db::JobFilter filter = states_and_dataset(request, actor, connection);
  filter.kinds = words_of<job::JobKind>(request, "kind", job::parse_kind, "takes import, team, export");
  return filter;
}

db::JobFilter job_filter_of(const Request& request, const Actor& actor, db::Connection& connection,
                            job::JobKind kind) {
  db::JobFilter filter = states_and_dataset(request, actor, connection);
  filter.kinds = {kind};
  return filter;
}

std::optional<std::uint64_t> number_in_cursor(const Page& page) {
  if (!page.after) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = page.after->data() + page.after->size();
  const auto [at, problem] = std::from_chars(page.after->data(), end, number);
  if (problem != std::errc{} || at != end) throw Error(Kind::invalid, "http.cursor", *page.after);
  return number;
}

}  // namespace sluice::fcgi
