// SPDX-License-Identifier: MIT
#include "core/db/upload_sync.hpp"

namespace sluice::db {
namespace {

constexpr const char* kUnsynced =
    "SELECT p.start_offset, p.length, p.file FROM uploads u JOIN upload_pieces p ON p.upload_id = u.id "
    "WHERE u.id = ? AND u.state = 'open' AND p.start_offset >= u.synced_offset ORDER BY p.start_offset";
constexpr const char* kMarkSynced =
    "UPDATE uploads SET synced_offset = GREATEST(synced_offset, ?) WHERE id = ? AND state = 'open' AND "
    "`offset` >= ? AND boot_id = ?";
constexpr const char* kHold = "SELECT GET_LOCK(?, 1)";
constexpr const char* kLetGo = "SELECT RELEASE_LOCK(?)";

std::string assembly_name(const Uid& upload) {
  return "assemble." + upload.hex();
}

}  // namespace

std::vector<Piece> unsynced_pieces(Connection& connection, std::uint64_t id) {
  std::vector<Piece> pieces;
  for (const Row& row : connection.select(kUnsynced, {id}))
    pieces.push_back({row.u64(0), row.u64(1), row.text(2)});
  return pieces;
}

void mark_synced(Connection& connection, std::uint64_t id, std::uint64_t offset, const std::string& boot_id) {
  connection.execute(kMarkSynced, {offset, id, offset, boot_id});
}

bool hold_assembly(Connection& connection, const Uid& upload) {
  const auto row = connection.select_one(kHold, {assembly_name(upload)});
  return row && !row->is_null(0) && row->flag(0);
}

void let_assembly_go(Connection& connection, const Uid& upload) {
  connection.select_one(kLetGo, {assembly_name(upload)});
}

}  // namespace sluice::db
