// SPDX-License-Identifier: MIT
#include "core/base/digest.hpp"
#include "core/base/log.hpp"
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
  db::JobRow job;
  Json request;
  std::string request_sha256;
  std::optional<Response> kept;  ///< the answer, when the request has a key
};

// Equal for equal requests over equal data, whatever the dataset was called.
std::string request_digest(const Json& request, const std::vector<std::uint64_t>& import_ids) {
  std::string text = request.text();
  for (const std::uint64_t id : import_ids) text += "\n" + std::to_string(id);
  return sha256(text);
}

Response answer(const Created& created, const std::optional<Uid>& same) {
  db::Export queued;  // there is nothing else of it yet
  queued.request = created.request;
  Json json = export_json(created.job, queued);
  json.set("same_as", same ? Json(same->text()) : Json());
  return accepted("/export/" + created.job.uid.text(), json);
}

std::optional<Uid> find_same(db::Connection& connection, const Actor& actor, const Created& created) {
  return db::find_same_export(connection, actor, created.request_sha256, created.job.id);
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
  Created created{db::insert_job(transaction, actor, job), {}, {}, {}};
  fresh.job_id = created.job.id;
  db::insert_export(transaction, actor, fresh);
  created.request = std::move(fresh.request);
  created.request_sha256 = std::move(fresh.request_sha256);
  if (request.idempotency) {
    created.kept = answer(created, find_same(connection, actor, created));
    keep_answer(transaction, request, actor, *created.kept);
  }
  transaction.commit();
  return created;
}

// The export is queued, whatever comes of this: the hint at an equal one may be missing, the answer may not.
Response answer_afterwards(Services& services, const Actor& actor, const Created& created) {
  std::optional<Uid> same;
  try {
    same = services.db([&](db::Connection& connection) { return find_same(connection, actor, created); });
  } catch (const Error& error) {
    log_warning("an export was not compared with others",
                {{"job", created.job.uid.text()}, {"code", error.code()}, {"detail", error.detail()}});
  }
  return answer(created, same);
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
  services.doorbell.ring(created->job.uid);  // before the rest: somebody waits for the job
  return created->kept ? std::move(*created->kept) : answer_afterwards(services, actor, *created);
}

}  // namespace sluice::fcgi
