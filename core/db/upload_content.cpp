// SPDX-License-Identifier: MIT
#include "core/db/upload_content.hpp"

#include "core/base/error.hpp"

namespace sluice::db {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, uid, owner_id, state, concat, `offset`, options, filename, sha256, assembled_at IS NOT NULL FROM uploads "
    "WHERE state <> 'gone' AND ";
constexpr const char* kPieces =
    "SELECT file, length FROM upload_pieces WHERE upload_id = ? AND length > 0 ORDER BY start_offset";
constexpr const char* kAssembled =
    "UPDATE uploads SET assembled_at = UTC_TIMESTAMP(6), sha256 = ? WHERE id = ? AND state = 'complete'";
constexpr const char* kForgetPieces = "DELETE FROM upload_pieces WHERE upload_id = ?";
constexpr const char* kNamed = "SELECT COUNT(*) FROM upload_pieces WHERE file = ?";

std::optional<UploadContent> content_from(Connection& connection, const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const Row& row = rows.front();
  UploadContent content;
  content.id = row.u64(0);
  content.uid = row.uid(1);
  content.owner_id = row.u64(2);
  content.complete = row.text(3) == "complete";
  content.is_final_concatenation = row.text(4) == "final";
  content.offset = row.u64(5);
  content.options = parse_stored_json(row.text(6));
  content.filename = row.maybe_text(7);
  content.sha256 = row.maybe_text(8);
  content.assembled = row.flag(9);
  for (const Row& piece : connection.select(kPieces, {content.id})) content.pieces.push_back({piece.text(0), piece.u64(1)});
  return content;
}

}  // namespace

std::optional<UploadContent> load_upload_content(Connection& connection, std::uint64_t upload_id) {
  return content_from(connection, connection.select(std::string(kSelect) + "id = ?", {upload_id}));
}

std::optional<UploadContent> find_upload_content(Connection& connection, const Actor& actor, const Uid& uid) {
  return content_from(connection,
                      connection.select(std::string(kSelect) + "uid = ? AND owner_id = ?", {uid, actor.owner_id}));
}

void mark_assembled(Transaction& transaction, std::uint64_t upload_id, const std::string& sha256) {
  Connection& connection = transaction.connection();
  if (connection.execute(kAssembled, {sha256, upload_id}).rows != 1)
    throw Error(Kind::gone, "import.upload_gone", "upload " + std::to_string(upload_id),
                "The upload was removed before it could be loaded.");
  connection.execute(kForgetPieces, {upload_id});
}

std::vector<std::string> unnamed_piece_files(Connection& connection, const std::vector<std::string>& files) {
  std::vector<std::string> unnamed;
  for (const std::string& file : files)
    if (connection.select_one(kNamed, {file})->u64(0) == 0) unnamed.push_back(file);
  return unnamed;
}

}  // namespace sluice::db
