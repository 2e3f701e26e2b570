// SPDX-License-Identifier: MIT
// What of an upload is durable: [0, synced_offset), a border of pieces. And who may make one file of them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/db/upload_table.hpp"

namespace sluice::db {

/// Committed pieces of an open upload from its synced_offset on, in order; none of one that is not open.
std::vector<Piece> unsynced_pieces(Connection& connection, std::uint64_t id);
/// What is before `offset` is durable now. Nothing happens when the upload was set back by another boot.
void mark_synced(Connection& connection, std::uint64_t id, std::uint64_t offset, const std::string& boot_id);

/// Waits up to a second for the right to assemble the upload; true: this session has it until it lets go or
/// ends.
bool hold_assembly(Connection& connection, const Uid& upload);
void let_assembly_go(Connection& connection, const Uid& upload);

}  // namespace sluice::db
