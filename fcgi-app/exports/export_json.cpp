// SPDX-License-Identifier: MIT
#include "fcgi-app/exports/export_json.hpp"

#include "core/base/compressor.hpp"
#include "core/base/digest.hpp"
#include "core/db/export_request.hpp"
#include "fcgi-app/jobs/job_json.hpp"

namespace sluice::fcgi {

Json export_json(const db::JobRow& job, const db::Export& e) {
  Json json = job_json(job);
  for (const auto& [name, value] : e.request.members()) json.set(name, value);
  const bool succeeded = job.state == job::State::succeeded;
  json.set("rows", succeeded ? Json(e.rows) : Json());
  json.set("bytes", succeeded ? Json(e.bytes) : Json());
  json.set("sha256", succeeded && e.sha256 ? Json(to_hex(*e.sha256)) : Json());
  Json file;
  if (succeeded && e.has_file()) {
    file = Json::object({{"url", "/export/" + job.uid.text() + "/file"},
                         {"name", download_name(e)},
                         {"expires_at", e.expires_at}});
  }
  json.set("file", file);
  json.set("expires_at", succeeded ? Json(e.expires_at) : Json());
  json.set("expired", succeeded && e.expired);
  json.set("deleted", succeeded && e.deleted);
  return json;
}

std::string download_name(const db::Export& e) {
  const db::ExportRequest request = db::export_request_from(e.request);
  std::string name = request.dataset_name;
  if (request.from && request.to) {
    name += " " + db::full_date(*request.from) + " to " + db::full_date(*request.to);
  } else if (request.from) {
    name += " from " + db::full_date(*request.from);
  } else if (request.to) {
    name += " to " + db::full_date(*request.to);
  }
  if (!name.ends_with(".csv")) name += ".csv";
  return name + std::string(suffix_of(request.compression));
}

}  // namespace sluice::fcgi
