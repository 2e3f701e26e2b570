// SPDX-License-Identifier: MIT
// A complete upload as those see it that read its bytes: pieces, or the assembled file once assembled_at is set.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/actor.hpp"
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

struct UploadContent {
  std::uint64_t id = 0;
  Uid uid;
  std::uint64_t owner_id = 0;
  bool complete = false;             ///< else its pieces are what has arrived so far
  bool is_final_concatenation = false;  ///< its pieces may belong to other uploads too
  std::uint64_t offset = 0;          ///< bytes that have arrived
  Json options;
  std::optional<std::string> filename;
  std::optional<std::string> sha256;  ///< raw, of the assembled file
  bool assembled = false;

  struct Piece {
    std::string file;  ///< relative to the folder of pieces
    std::uint64_t length = 0;
  };
  std::vector<Piece> pieces;  ///< in order; none once it is assembled
};

/// For jobs. Nothing when the upload is gone.
std::optional<UploadContent> load_upload_content(Connection& connection, std::uint64_t upload_id);
/// For people: the actor's own.
std::optional<UploadContent> find_upload_content(Connection& connection, const Actor& actor, const Uid& uid);

/// The file is in its place: assembled_at, its hash; the pieces are forgotten.
void mark_assembled(Transaction& transaction, std::uint64_t upload_id, const std::string& sha256);
/// Of these files of pieces, those that no upload names: they may be removed.
std::vector<std::string> unnamed_piece_files(Connection& connection, const std::vector<std::string>& files);

}  // namespace sluice::db
