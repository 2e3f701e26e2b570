// SPDX-License-Identifier: MIT
#include "core/base/digest.hpp"
#include "core/db/export_table.hpp"
#include "core/db/job_table.hpp"
#include "core/storage/piece_file.hpp"
#include "fcgi-app/exports/export_json.hpp"
#include "fcgi-app/exports/find.hpp"
#include "fcgi-app/exports/handlers.hpp"
#include "fcgi-app/exports/read_request.hpp"
#include "fcgi-app/idempotency.hpp"

namespace sluice::fcgi {
namespace {

struct Created {
  Uid uid;
  Response response;
};

// Equal for equal requests over equal data, whatever the dataset was called.
std::string request_digest(const Json& request, const std::vector<std::uint64_t>& import_ids) {
  std::string text = request.text();
  for (const std::uint64_t id : import_ids) text += "\n" + std::to_string(id);
  return sha256(text);
}

Created create(db::Connection& connection, Request& request, const Actor& actor, const ExportBody& body) {
  db::Transaction transaction(connection);
  // Held, so that an import cannot be undone between being read here and being named by this export.
  const db::Dataset dataset = existing_dataset(db::hold_dataset(transaction, actor, body.dataset));
  db::ExportRequest wanted = body.request;
  settle_on(dataset, wanted);
  db::NewExport fresh;
  fresh.dataset_id = dataset.id;
  fresh.request = to_json(wanted);
  db::ExportSources sources = db::export_sources(connection, dataset.id);
  fresh.import_ids = std::move(sources.import_ids);
  fresh.request_sha256 = request_digest(fresh.request, fresh.import_ids);

  db::NewJob job;
  job.kind = job::JobKind::exports;
  job.params = Json::object({{"dataset_uid", dataset.uid.text()}, {"dataset", dataset.name}});
  job.bytes_to_read = sources.bytes;
  job.request_id = request.request_id;
  const db::JobRow row = db::insert_job(transaction, actor, job);
  fresh.job_id = row.id;
  db::insert_export(transaction, actor, fresh);
  const auto same = db::find_same_export(connection, actor, fresh.request_sha256, row.id);

  db::Export queued;  // there is nothing else of it yet
  queued.request = fresh.request;
  Json json = export_json(row, queued);
  json.set("same_as", same ? Json(same->text()) : Json());
  Created created{row.uid, accepted("/export/" + row.uid.text(), json)};
  keep_answer(transaction, request, actor, created.response);
  transaction.commit();
  return created;
}

}  // namespace

Response create_export(Request& request, const Actor& actor, Services& services) {
  const ExportBody body = read_export_body(request);
  if (storage::free_bytes(services.config.data_dir, services.config.min_free_disk) == 0)
    throw Error(Kind::no_space, "export.no_space", "the reserve of the disk is reached");
  std::optional<Created> created;
  services.db([&](db::Connection& connection) {
    db::with_retry([&] { created.emplace(create(connection, request, actor, body)); });
  });
  services.doorbell.ring(created->uid);
  return std::move(created->response);
}

}  // namespace sluice::fcgi
