// SPDX-License-Identifier: MIT
#include "fcgi-app/syncer.hpp"

#include <chrono>

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/db/upload_sync.hpp"
#include "core/storage/piece_file.hpp"

namespace sluice::fcgi {
namespace {

/// Write-back began with the piece: by now it has come far. And many slow uploads must not keep the disk
/// busy.
constexpr std::chrono::seconds kPause{5};
/// A quick upload has so many bytes on their way when a round begins at once.
constexpr std::uint64_t kStride = 32ULL << 20;

}  // namespace

void Syncer::start() {
  thread_ = std::thread([this] { run(); });
}

void Syncer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

// The PATCHes of one upload come to many processes: by strides of the offset one of them hurries, not all.
void Syncer::note(std::uint64_t upload_id, std::uint64_t end, std::uint64_t bytes) {
  const bool hurry = (end - bytes) / kStride != end / kStride;
  {
    const std::lock_guard lock(mutex_);
    noted_.insert(upload_id);
    hurried_ = hurried_ || hurry;
  }
  if (hurry) wake_.notify_one();
}

void Syncer::run() {
  const db::ThreadScope database_library;
  for (;;) {
    std::set<std::uint64_t> uploads;
    bool last = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, kPause, [this] { return stopping_ || hurried_; });
      last = stopping_;
      hurried_ = false;
      uploads.swap(noted_);
    }
    sync_all(std::move(uploads));
    if (last) return;
  }
}

void Syncer::sync_all(std::set<std::uint64_t> uploads) {
  while (!uploads.empty()) {
    const std::uint64_t id = *uploads.begin();
    try {
      sync(id);
    } catch (const Error& error) {
      if (error.kind() == Kind::unavailable) {  // the database is away: another turn
        const std::lock_guard lock(mutex_);
        noted_.merge(uploads);
        return;
      }
      log_warning("an upload was not synced in the background",
                  {{"code", error.code()}, {"detail", error.detail()}});
    } catch (const std::exception& error) {
      log_warning("an upload was not synced in the background", {{"detail", error.what()}});
    }
    uploads.erase(id);
  }
}

void Syncer::sync(std::uint64_t upload_id) {
  db::Connection& connection = connection_.get();
  const auto pieces = db::unsynced_pieces(connection, upload_id);
  if (pieces.empty()) return;
  std::vector<std::string> files;
  for (const db::Piece& piece : pieces) files.push_back(piece.file);
  try {
    storage::PieceStore(config_.pieces_dir()).sync(files);
  } catch (const Error&) {
    // Complete and assembled meanwhile, or deleted: the files are gone, and nothing is left to be done.
    if (db::unsynced_pieces(connection, upload_id).empty()) return;
    throw;
  }
  db::mark_synced(connection, upload_id, pieces.back().start + pieces.back().length, storage::boot_id());
}

}  // namespace sluice::fcgi
