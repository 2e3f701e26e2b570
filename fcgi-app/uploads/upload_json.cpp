// SPDX-License-Identifier: MIT
#include "fcgi-app/uploads/upload_json.hpp"

#include "core/base/digest.hpp"
#include "fcgi-app/jobs/job_json.hpp"

namespace sluice::fcgi::uploads {
namespace {

Json import_json(const db::UploadOutcome::Import& import) {
  return Json::object({{"uid", import.uid.text()},
                       {"records", import.records},
                       {"loaded", import.loaded},
                       {"rejected", import.rejected},
                       {"skipped", import.skipped},
                       {"repaired", import.repaired},
                       {"published_at", import.published_at},
                       {"hidden", import.hidden}});
}

Json links_json(const db::Upload& upload, const db::UploadOutcome& outcome) {
  const std::string self = "/upload/" + upload.uid.text();
  Json links = Json::object({{"self", self}});
  if (upload.concat != db::Concat::partial) {
    if (upload.offset > 0) links.set("preview", self + "/preview");
    if (upload.assembled_at) links.set("file", self + "/file");
    if (upload.state == db::UploadState::complete && upload.purpose == db::Purpose::import)
      links.set("load", self + "/load");
  }
  if (outcome.job) links.set("job", "/jobs/" + outcome.job->uid.text());
  if (outcome.dataset) links.set("dataset", "/datasets/" + outcome.dataset->uid.text());
  return links;
}

}  // namespace

Json upload_json(const db::Upload& upload, const db::UploadOutcome& outcome) {
  Json json = Json::object({{"uid", upload.uid.text()},
                            {"state", db::name_of(upload.state)},
                            {"concat", db::name_of(upload.concat)},
                            {"purpose", db::name_of(upload.purpose)},
                            {"filename", upload.filename},
                            {"length", upload.length},
                            {"offset", upload.offset},
                            {"fingerprint", upload.fingerprint},
                            {"options", upload.options}});
  json.set("sha256", upload.sha256 ? Json(to_hex(*upload.sha256)) : Json());
  json.set("created_at", upload.created_at).set("completed_at", upload.completed_at);
  json.set("assembled_at", upload.assembled_at).set("expires_at", upload.expires_at);
  json.set("import", outcome.import ? import_json(*outcome.import) : Json());
  json.set("dataset", outcome.dataset ? Json::object({{"uid", outcome.dataset->uid.text()},
                                                      {"name", outcome.dataset->name}})
                                      : Json());
  json.set("job", outcome.job ? job_json(*outcome.job) : Json());
  json.set("links", links_json(upload, outcome));
  return json;
}

}  // namespace sluice::fcgi::uploads
