// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/commit.hpp"

#include <algorithm>
#include <ctime>

#include "core/base/error.hpp"
#include "core/db/upload_sync.hpp"
#include "fcgi-app/syncer.hpp"
#include "fcgi-app/tus/room.hpp"
#include "fcgi-app/uploads/enqueue.hpp"

namespace sluice::fcgi::tus {
namespace {

/// So much may be lost when the power goes. The syncer is there before, unless the disk is slower than the
/// lines.
constexpr std::uint64_t kMostUnsynced = 96ULL << 20;

}  // namespace

Committer::Committer(Request& request, const Actor& actor, Services& services, const db::Upload& upload,
                     std::optional<std::uint64_t> epoch)
    : request_(request),
      actor_(actor),
      services_(services),
      pieces_(services.config.pieces_dir()),
      upload_(upload),
      epoch_(epoch) {}

void Committer::set_length(std::uint64_t length) {
  new_length_ = length;
  upload_.length = length;
}

bool Committer::commit(storage::NewPiece* piece) {
  const std::uint64_t bytes = piece != nullptr ? piece->length() : 0;
  const bool completes = upload_.length == upload_.offset + bytes;
  const auto synced_to = sync_or_refuse(piece, completes);
  const auto ttl_s = static_cast<std::uint64_t>(services_.config.upload_ttl.count());
  db::Append append{upload_.id,
                    {upload_.offset, bytes, piece != nullptr ? piece->file() : ""},
                    epoch_,
                    synced_to,
                    storage::boot_id(),
                    ttl_s};
  std::optional<Uid> job;
  services_.db([&](db::Connection& connection) {
    db::with_retry([&] {
      db::Transaction transaction(connection);
      if (new_length_ && !set_length(transaction)) {
        transaction.rollback();
        refuse(connection);
      }
      if (!db::append_piece(transaction, append) ||
          (completes && !db::complete_upload(transaction, upload_.id))) {
        transaction.rollback();
        refuse(connection);
      }
      job = completes ? uploads::enqueue_import(transaction, actor_, upload_, request_.request_id)
                      : std::nullopt;
      // From here on a row may name the file, also when the answer to COMMIT is lost.
      if (piece != nullptr) piece->keep();
      transaction.commit();
    });
  });
  // Only now: the COMMIT's own bytes should not queue behind megabytes of the piece.
  if (piece != nullptr && !synced_to) piece->start_write_back();
  upload_.offset += bytes;
  upload_.expires_unix = static_cast<std::uint64_t>(std::time(nullptr)) + ttl_s;
  if (synced_to)
    upload_.synced_offset = *synced_to;
  else if (bytes > 0)
    services_.syncer.note(upload_.id, upload_.offset, bytes);
  if (completes) upload_.state = db::UploadState::complete;
  new_length_.reset();
  if (job) services_.doorbell.ring(*job);
  return completes;
}

bool Committer::set_length(db::Transaction& transaction) {
  const std::uint64_t rest = *new_length_ - std::min(*new_length_, upload_.offset);
  db::lock_space(transaction);
  require_quota(transaction, actor_, services_.config, rest);
  require_space(transaction, services_.config, bytes_to_reserve(*new_length_) - (*new_length_ - rest));
  return db::set_length(transaction, upload_.id, *new_length_, bytes_to_reserve(*new_length_));
}

std::optional<std::uint64_t> Committer::sync_or_refuse(const storage::NewPiece* piece, bool completes) {
  try {
    return sync(piece, completes);
  } catch (const Error& error) {
    // A DELETE takes the files away under us: that is an answer, no defect.
    const auto now = services_.db([&](db::Connection& c) { return db::find_upload(c, actor_, upload_.uid); });
    if (now && now->state == db::UploadState::gone)
      throw Error(Kind::gone, "upload.gone", "terminated while the body came: " + error.detail());
    throw;
  }
}

bool Committer::is_due(std::uint64_t end, bool completes) const {
  return completes || services_.config.sync_each_piece || end - upload_.synced_offset >= kMostUnsynced;
}

std::optional<std::uint64_t> Committer::sync(const storage::NewPiece* piece, bool completes) {
  const std::uint64_t end = upload_.offset + (piece != nullptr ? piece->length() : 0);
  if (!is_due(end, completes)) return std::nullopt;
  std::vector<std::string> files;
  if (upload_.synced_offset < upload_.offset) {
    const auto pieces = services_.db([&](db::Connection& c) { return db::unsynced_pieces(c, upload_.id); });
    // The syncer may have been there meanwhile.
    upload_.synced_offset = pieces.empty() ? upload_.offset : pieces.front().start;
    if (!is_due(end, completes)) return std::nullopt;
    for (const db::Piece& old : pieces) files.push_back(old.file);
  }
  if (piece != nullptr) files.push_back(piece->file());
  pieces_.sync(files);
  return end;
}

void Committer::refuse(db::Connection& connection) {
  const auto now = db::find_upload(connection, actor_, upload_.uid);
  if (!now) throw Error(Kind::not_found, "upload.not_found", "the upload is not there any more");
  if (now->state == db::UploadState::gone)
    throw Error(Kind::gone, "upload.gone", "terminated while the body came");
  if (new_length_ && now->length)
    throw Error(Kind::conflict, "upload.offset_mismatch", "another PATCH has fixed the length");
  if (now->offset != upload_.offset)
    throw Error(Kind::conflict, "upload.offset_mismatch",
                "the offset is " + std::to_string(now->offset) + " by now");
  if (now->state == db::UploadState::complete)
    throw Error(Kind::conflict, "upload.complete", "complete by now");
  throw Error(Kind::conflict, "upload.superseded", "a newer PATCH has begun");
}

}  // namespace sluice::fcgi::tus
