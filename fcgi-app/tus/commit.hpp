// SPDX-License-Identifier: MIT
// The one way in which bytes come to count: sync what must be durable first, then one transaction that moves
// the offset over the piece and, with the last byte, completes the upload and queues its job.
#pragma once
#include <cstdint>
#include <optional>

#include "core/base/actor.hpp"
#include "core/db/upload_table.hpp"
#include "core/storage/piece_file.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::tus {

class Committer {
 public:
  /// `epoch`: of a streamed PATCH. Nothing is read or written yet.
  Committer(Request& request, const Actor& actor, Services& services, const db::Upload& upload,
            std::optional<std::uint64_t> epoch);

  /// Fixes a deferred length in the next commit.
  void set_length(std::uint64_t length);
  /// Commits the piece at the present offset (nothing: only the length, or the completion of what is there).
  /// Returns true when the upload is complete by it. Errors: upload.offset_mismatch, upload.superseded,
  /// upload.gone, upload.complete; upload.quota and upload.no_space when it fixes the length.
  bool commit(storage::NewPiece* piece);

  std::uint64_t offset() const { return upload_.offset; }
  const db::Upload& upload() const { return upload_; }  ///< as committed so far

 private:
  bool set_length(db::Transaction& transaction);
  std::optional<std::uint64_t> sync_or_refuse(const storage::NewPiece* piece, bool completes);
  bool is_due(std::uint64_t end, bool completes) const;
  std::optional<std::uint64_t> sync(const storage::NewPiece* piece, bool completes);
  [[noreturn]] void refuse(db::Connection& connection);

  Request& request_;
  const Actor& actor_;
  Services& services_;
  storage::PieceStore pieces_;
  db::Upload upload_;
  std::optional<std::uint64_t> epoch_;
  std::optional<std::uint64_t> new_length_;
};

}  // namespace sluice::fcgi::tus
