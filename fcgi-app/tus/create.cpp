// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/create.hpp"

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/storage/piece_file.hpp"
#include "fcgi-app/idempotency.hpp"
#include "fcgi-app/request_error.hpp"
#include "fcgi-app/tus/append.hpp"
#include "fcgi-app/tus/concat.hpp"
#include "fcgi-app/tus/patch.hpp"
#include "fcgi-app/tus/room.hpp"
#include "fcgi-app/uploads/enqueue.hpp"

namespace sluice::fcgi::tus {
namespace {

Response created(const db::Upload& upload) {
  Response response(201);
  response.header("Location", "/upload/" + upload.uid.text());
  if (upload.state == db::UploadState::open)
    response.header("Upload-Expires", http_date(upload.expires_unix));
  return response;
}

}  // namespace

db::NewUpload row_of(const Creation& creation, const Config& config) {
  db::NewUpload row;
  row.concat = creation.concat.what;
  row.purpose = creation.metadata.purpose;
  row.length = creation.length;
  row.reserved_bytes = creation.length ? bytes_to_reserve(*creation.length) : 0;
  row.boot_id = storage::boot_id();
  row.metadata = creation.metadata_header;
  row.options = creation.metadata.options;
  row.filename = creation.metadata.filename;
  row.fingerprint = creation.metadata.fingerprint;
  row.ttl_s = static_cast<std::uint64_t>(config.upload_ttl.count());
  return row;
}

namespace {

/// A creation whose body was refused leaves nothing behind: its client never learns the address.
void take_back(const db::Upload& upload, Services& services) noexcept {
  try {
    services.db([&](db::Connection& connection) {
      db::Transaction transaction(connection);
      const auto files = db::remove_upload(transaction, upload.id);
      transaction.commit();
      if (files) storage::PieceStore(services.config.pieces_dir()).remove(*files);
    });
  } catch (const std::exception& error) {
    log_warning("cannot take an upload back; it will expire", {{"detail", error.what()}});
  }
}

Response create_with_body(Request& request, const Actor& actor, Services& services,
                          const db::Upload& upload) {
  Appended appended;
  try {
    appended = append_body(request, actor, services, upload, std::nullopt);
  } catch (const Error& error) {
    if (error.kind() != Kind::unavailable) take_back(upload, services);
    throw;
  }
  db::Upload after = upload;
  if (appended.complete) after.state = db::UploadState::complete;
  return appended_response(request, appended, created(after));
}

}  // namespace

Creation parse_creation(const Request& request, const Config& config) {
  Creation creation;
  // Without a known length a body is chunked, or there is none; tus clients send a Content-Type only with a
  // body.
  creation.has_body =
      request.content_length ? *request.content_length > 0 : request.header("Content-Type").has_value();
  if (creation.has_body) require_patch_content_type(request);
  creation.concat = upload_concat(request);
  creation.length = upload_length(request);
  const bool deferred = defers_length(request);
  const bool is_final = creation.concat.what == db::Concat::final;
  if (is_final) {
    if (creation.length || deferred || creation.has_body)
      throw header_error(
          "tus.concat", "Upload-Concat",
          "makes a final upload of its parts: send no Upload-Length, no Upload-Defer-Length and no "
          "body with it.",
          "conflict");
  } else if (!creation.length && !deferred) {
    throw header_error("tus.length", "Upload-Length",
                       "is missing: send it with the number of bytes, or Upload-Defer-Length: 1.", "missing");
  }
  const std::uint64_t most = config.max_upload_bytes;
  if (most != 0 && creation.length.value_or(0) > most)
    throw Error(Kind::too_large, "upload.max_size", "Upload-Length above the limit");
  if (creation.length && request.content_length.value_or(0) > *creation.length)
    throw Error(Kind::too_large, "upload.too_long", "a body longer than Upload-Length");
  creation.metadata_header = request.header("Upload-Metadata").value_or("");
  creation.metadata = parse_metadata(creation.metadata_header);
  return creation;
}

void require_admissible(db::Connection& connection, const Actor& actor, const Creation& creation,
                        const Config& config) {
  require_few_open(connection, actor, config);
  const Json& options = creation.metadata.options;
  const Json* mode = options.find("mode");
  if (mode != nullptr && mode->string() == "append") {
    const Json* name = options.find("dataset");
    if (name == nullptr)
      throw named_error("upload.no_such_dataset", "Upload-Metadata/dataset", "`dataset` in Upload-Metadata",
                        "is missing: mode append needs the name of a dataset.", "missing");
    if (!db::has_dataset(connection, actor, name->string()))
      throw Error(Kind::invalid, "upload.no_such_dataset", "append to a dataset that is not there");
  }
  require_quota(connection, actor, config, creation.length.value_or(0));
  require_space(connection, config, creation.length ? bytes_to_reserve(*creation.length) : 0);
}

Response create_upload(Request& request, const Actor& actor, Services& services) {
  require_version(request);
  const Creation creation = parse_creation(request, services.config);
  if (creation.concat.what == db::Concat::final) return create_final(request, actor, services, creation);
  std::optional<db::Upload> upload;
  std::optional<Uid> job;
  services.db([&](db::Connection& connection) {
    db::with_retry([&] {
      db::Transaction transaction(connection);
      db::lock_space(transaction);
      require_admissible(transaction, actor, creation, services.config);
      upload = db::insert_upload(transaction, actor, row_of(creation, services.config));
      job.reset();
      if (creation.length == 0 && db::complete_upload(transaction, upload->id)) {
        upload->state = db::UploadState::complete;
        job = uploads::enqueue_import(transaction, actor, *upload, request.request_id);
      }
      if (!creation.has_body) keep_answer(transaction, request, actor, created(*upload));
      transaction.commit();
    });
  });
  if (job) services.doorbell.ring(*job);
  if (creation.has_body) return create_with_body(request, actor, services, *upload);
  return created(*upload);
}

}  // namespace sluice::fcgi::tus
