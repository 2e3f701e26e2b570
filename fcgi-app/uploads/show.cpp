// SPDX-License-Identifier: MIT
#include "fcgi-app/uploads/show.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "fcgi-app/integers.hpp"
#include "fcgi-app/jobs/job_json.hpp"
#include "fcgi-app/request_error.hpp"
#include "fcgi-app/tus/lookup.hpp"
#include "fcgi-app/uploads/upload_json.hpp"

namespace sluice::fcgi::uploads {
namespace {

std::vector<db::UploadState> states_of(const Request& request) {
  std::vector<db::UploadState> states;
  const auto text = request.query_parameter("state");
  std::string_view rest = text ? std::string_view(*text) : std::string_view{};
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string_view word = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    if (word == "open")
      states.push_back(db::UploadState::open);
    else if (word == "complete")
      states.push_back(db::UploadState::complete);
    else
      throw parameter_error("upload.filter", "state", "takes open, complete, or both with a comma.", "value");
  }
  return states;
}

/// "o17", "c4": the state and the id of a page's last item.
std::optional<db::UploadPlace> place_of(const Page& page) {
  if (!page.after) return std::nullopt;
  const auto id =
      parse_integer(page.after->empty() ? std::string_view{} : std::string_view(*page.after).substr(1));
  if (!id || (page.after->front() != 'o' && page.after->front() != 'c'))
    throw Error(Kind::invalid, "http.cursor", "a forged cursor");
  return db::UploadPlace{page.after->front() == 'c', *id};
}

/// The shortest wait of any job shown.
void keep_least(std::optional<int>& least, const db::UploadOutcome& outcome) {
  const auto after = outcome.job ? retry_after_of(*outcome.job) : std::nullopt;
  if (after) least = std::min(*after, least.value_or(*after));
}

}  // namespace

Response list_uploads(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  const auto place = place_of(page);
  const db::UploadFilter filter{states_of(request), request.query_parameter("fingerprint")};
  std::optional<int> retry_after_s;
  const Json body = services.db([&](db::Connection& connection) {
    std::vector<db::Upload> uploads = db::list_uploads(connection, actor, filter, page.limit + 1, place);
    std::optional<std::string> next;
    if (uploads.size() > page.limit) {
      uploads.pop_back();
      next =
          (uploads.back().state == db::UploadState::complete ? "c" : "o") + std::to_string(uploads.back().id);
    }
    std::vector<std::uint64_t> ids;
    for (db::Upload& upload : uploads) {
      ids.push_back(upload.id);
      if (auto now = tus::after_restart(connection, actor, upload, services.config)) upload = std::move(*now);
    }
    auto outcomes = db::outcomes_of_uploads(connection, ids);
    Json::Array items;
    for (const db::Upload& upload : uploads) {
      const db::UploadOutcome& outcome = outcomes[upload.id];
      keep_least(retry_after_s, outcome);
      items.push_back(upload_json(upload, outcome));
    }
    return list_body(page, std::move(items), next);
  });
  return json_with_etag(request, body, retry_after_s);
}

Response get_upload(Request& request, const Actor& actor, Services& services) {
  const db::Upload upload = tus::find_present(services, actor, request.uid());
  const auto outcome =
      services.db([&](db::Connection& connection) { return db::outcome_of_upload(connection, upload.id); });
  std::optional<int> retry_after_s;
  keep_least(retry_after_s, outcome);
  return json_with_etag(request, upload_json(upload, outcome), retry_after_s);
}

}  // namespace sluice::fcgi::uploads
