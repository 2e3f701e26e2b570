// SPDX-License-Identifier: MIT
#include "jobs/assembly.hpp"

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/db/upload_sync.hpp"
#include "core/storage/piece_file.hpp"
#include "core/storage/upload_file.hpp"

namespace sluice::jobs {
namespace {

/// Held by the session: a holder that dies, or whose connection is ended because it was replaced, lets go.
class AssemblyLock {
 public:
  AssemblyLock(Attempt& attempt, const db::Upload& upload)
      : connection_(attempt.connection()), upload_(upload.uid) {
    while (!db::hold_assembly(connection_, upload_)) attempt.throw_if_stopped();
  }
  ~AssemblyLock() {
    try {
      db::let_assembly_go(connection_, upload_);
    } catch (const std::exception& error) {  // a session that ended has let go by itself
      log_warning("cannot let an assembly go", {{"detail", error.what()}});
    }
  }
  AssemblyLock(const AssemblyLock&) = delete;
  AssemblyLock& operator=(const AssemblyLock&) = delete;

 private:
  db::Connection& connection_;
  const Uid upload_;
};

[[noreturn]] void gone(const db::Upload& upload) {
  throw Error(sluice::Kind::gone, "upload.gone", "deleted before it was assembled: " + upload.uid.text(),
              "The uploaded file was deleted. Upload it again.");
}

std::vector<storage::StoredPiece> stored_pieces(Attempt& attempt, const db::Upload& upload) {
  std::vector<storage::StoredPiece> pieces;
  for (const db::Piece& piece : db::pieces_of(attempt.connection(), upload.id))
    if (piece.length > 0) pieces.push_back({attempt.config().pieces_dir() + "/" + piece.file, piece.length});
  return pieces;
}

storage::AssembleRequest request_for(Attempt& attempt, const db::Upload& upload, const AssemblyHooks& hooks) {
  storage::AssembleRequest request;
  request.files_folder = attempt.config().files_dir();
  request.upload = upload.uid;
  request.epoch = attempt.job().epoch;
  request.pieces = stored_pieces(attempt, upload);
  // pieces of a concatenation may serve other uploads too
  request.may_move = upload.concat == db::Concat::no;
  request.between = [&](std::uint64_t bytes_done) {
    attempt.throw_if_stopped();
    hooks.report(bytes_done);
  };
  return request;
}

}  // namespace

void assemble_upload(Attempt& attempt, db::Upload& upload, const AssemblyHooks& hooks) {
  db::Connection& connection = attempt.connection();
  const AssemblyLock lock(attempt, upload);
  upload = db::load_upload(connection, upload.id).value();
  if (upload.state != db::UploadState::complete) gone(upload);
  std::optional<storage::Assembled> assembled;
  if (!upload.assembled_at) assembled = storage::assemble(request_for(attempt, upload, hooks));

  std::vector<std::string> unnamed;
  db::Transaction transaction(connection);
  if (assembled) {
    const auto files = db::mark_assembled(transaction, upload.id, assembled->sha256);
    if (!files) gone(upload);  // the sweep takes the file
    unnamed = *files;
  }
  hooks.fence(transaction);
  transaction.commit();
  if (!assembled) return;
  upload.assembled_at = "now";
  storage::PieceStore(attempt.config().pieces_dir()).remove(unnamed);
}

std::unique_ptr<csv::ByteSource> open_source(Attempt& attempt, const db::Upload& upload) {
  return storage::open_upload(attempt.config().files_dir(), upload.uid, stored_pieces(attempt, upload));
}

}  // namespace sluice::jobs
