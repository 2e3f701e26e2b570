// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include "core/db/team_import_table.hpp"
#include "core/db/upload_table.hpp"
#include "core/storage/piece_file.hpp"
#include "fcgi-app/idempotency.hpp"
#include "fcgi-app/teams/file_name.hpp"
#include "fcgi-app/teams/find.hpp"
#include "fcgi-app/teams/handlers.hpp"
#include "fcgi-app/teams/read_request.hpp"

namespace sluice::fcgi {
namespace {

std::string media_type_of(const Request& request) {
  std::string type = request.header("Content-Type").value_or("");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return type;
}

// The upload's row, the job and its import in the transaction that the caller commits.
Response start(db::Transaction& transaction, Request& request, const Actor& actor, const db::Upload& upload,
               const TeamImportOptions& options, Uid& job_uid) {
  db::NewJob job;
  job.kind = job::JobKind::team;
  job.params = Json::object({{"upload", upload.uid.text()}, {"filename", upload.filename}});
  if (!options.columns.is_null()) job.params.set("columns", options.columns);
  job.bytes_total = upload.length;
  job.request_id = request.request_id;
  const db::JobRef ref = db::insert_job(transaction, actor, job).ref();
  db::insert_team_import(transaction, actor, ref.id, upload.id, options.dry_run, options.skip_errors);
  job_uid = ref.uid;
  const FoundTeamImport found = require_team_import(transaction.connection(), actor, ref.uid);
  Response response = accepted("/team/" + ref.uid.text(), team_import_json(found));
  keep_answer(transaction, request, actor, response);
  return response;
}

std::uint64_t length_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    throw Error(Kind::internal, "team.body_file", path);
  return static_cast<std::uint64_t>(status.st_size);
}

// The body as a piece that no row names yet: nginx's file by rename, or (without nginx) what came on stdin.
storage::NewPiece take_body(const Request& request, const storage::PieceStore& store) {
  const Uid folder = Uid::random();  // the upload's own uid comes with its row; any other does as well
  if (!request.body_file.empty())
    return store.take(request.body_file, length_of(request.body_file), folder, 0);
  const std::string& body = request.small_body();
  storage::NewPiece piece = store.create(folder, 0);
  piece.write(body);
  return piece;
}

Response create_from_body(Request& request, const Actor& actor, Services& services,
                          const TeamImportOptions& options, Uid& job_uid) {
  const storage::PieceStore store(services.config.pieces_dir());
  storage::NewPiece piece = take_body(request, store);
  if (piece.length() == 0) throw Error(Kind::invalid, "team.empty", "no bytes", "The file is empty.");
  const std::string files[] = {piece.file()};
  store.sync(files);  // the answer promises that the file survives a loss of power

  const auto ttl_s = static_cast<std::uint64_t>(services.config.upload_ttl.count());
  db::NewUpload fresh;
  fresh.purpose = db::Purpose::team;
  fresh.length = piece.length();
  fresh.boot_id = storage::boot_id();
  fresh.filename = file_name_of(request);
  fresh.ttl_s = ttl_s;
  Response response = services.db([&](db::Connection& connection) {
    Response answer;
    db::with_retry([&] {
      db::Transaction transaction(connection);
      db::Upload upload = db::insert_upload(transaction, actor, fresh);
      db::Append append;
      append.upload_id = upload.id;
      append.piece = {0, piece.length(), piece.file()};
      append.synced_to = piece.length();
      append.boot_id = fresh.boot_id;
      append.ttl_s = ttl_s;
      if (!db::append_piece(transaction, append) || !db::complete_upload(transaction, upload.id)) {
        throw Error(Kind::internal, "team.upload", "a new upload did not take its only piece");
      }
      answer = start(transaction, request, actor, upload, options, job_uid);
      piece.keep();  // from here on a row may name the file, also when the answer to COMMIT is lost
      transaction.commit();
    });
    return answer;
  });
  return response;
}

Response create_from_upload(Request& request, const Actor& actor, Services& services,
                            TeamImportOptions options, Uid& job_uid) {
  const Uid uid = read_upload_body(request, options);
  return services.db([&](db::Connection& connection) {
    Response answer;
    db::with_retry([&] {
      db::Transaction transaction(connection);
      const auto upload = db::find_upload(connection, actor, uid);
      if (!upload) throw Error(Kind::not_found, "upload.not_found", "no such upload");
      if (upload->state == db::UploadState::gone) throw Error(Kind::gone, "upload.gone", "gone");
      if (upload->state != db::UploadState::complete) {
        throw Error(Kind::conflict, "team.upload_incomplete", "open",
                    "This upload is not complete yet. Send the rest of the file first.");
      }
      answer = start(transaction, request, actor, *upload, options, job_uid);
      transaction.commit();
    });
    return answer;
  });
}

}  // namespace

Response create_team_import(Request& request, const Actor& actor, Services& services) {
  const TeamImportOptions options = team_import_options(request);
  const std::string type = media_type_of(request);
  Uid job_uid;
  Response response;
  if (type == "application/json") {
    response = create_from_upload(request, actor, services, options, job_uid);
  } else if (type == "text/csv" || type == "text/plain" || type == "text/tab-separated-values" ||
             type == "application/csv") {
    response = create_from_body(request, actor, services, options, job_uid);
  } else {
    throw Error(Kind::unsupported, "http.media_type", type,
                "Send the file as text/csv, or {\"upload\": uid} as application/json.");
  }
  services.doorbell.ring(job_uid);
  return response;
}

}  // namespace sluice::fcgi
