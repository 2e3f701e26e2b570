// SPDX-License-Identifier: MIT
#include "fcgi-app/uploads/enqueue.hpp"

#include "core/db/import_table.hpp"
#include "core/db/job_table.hpp"

namespace sluice::fcgi::uploads {

std::optional<Uid> enqueue_import(db::Transaction& transaction, const Actor& actor, const db::Upload& upload,
                                  const std::string& request_id) {
  if (upload.concat == db::Concat::partial || upload.purpose == db::Purpose::team) return std::nullopt;
  const Json& options = upload.options;
  db::NewJob job;
  job.kind = job::JobKind::imports;
  job.params = options;
  job.params.set("upload", upload.uid.text());
  job.params.set("filename", upload.filename);
  job.bytes_total = upload.length;
  job.request_id = request_id;
  const db::JobRef ref = db::insert_job(transaction, actor, job).ref();
  db::insert_import(transaction, actor, ref, upload.id, options);
  return ref.uid;
}

}  // namespace sluice::fcgi::uploads
