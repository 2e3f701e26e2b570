// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/room.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/db/upload_table.hpp"
#include "core/storage/piece_file.hpp"

namespace sluice::fcgi::tus {
namespace {

/// Up to so much an upload is mostly one piece, and that becomes the file as it is. One that comes in several
/// is copied all the same: for so few bytes the reserve of the disk is there.
constexpr std::uint64_t kOnePiece = 16ULL << 20;

}  // namespace

std::uint64_t bytes_to_reserve(std::uint64_t length) {
  return length <= kOnePiece ? length : 2 * std::min(length, ~std::uint64_t{0} >> 2);
}

void require_space(db::Connection& connection, const Config& config, std::uint64_t bytes) {
  // First what is reserved: bytes that arrive in between are then counted twice, never not at all.
  const std::uint64_t reserved = db::bytes_still_reserved(connection);
  const std::uint64_t free = storage::free_bytes(config.data_dir, config.min_free_disk);
  if (free < reserved || free - reserved < bytes)
    throw Error(Kind::no_space, "upload.no_space",
                std::to_string(bytes) + " bytes wanted, " + std::to_string(free) + " free, " +
                    std::to_string(reserved) + " reserved");
}

void require_few_open(db::Connection& connection, const Actor& actor, const Config& config) {
  if (db::open_uploads(connection, actor).count >= config.max_open_uploads)
    throw Error(Kind::too_many, "upload.too_many_open", "as many open uploads as there may be");
}

void require_quota(db::Connection& connection, const Actor& actor, const Config& config,
                   std::uint64_t bytes) {
  if (config.max_open_bytes == 0) return;
  const std::uint64_t open = db::open_uploads(connection, actor).bytes;
  if (open > config.max_open_bytes || config.max_open_bytes - open < bytes)
    throw Error(Kind::no_space, "upload.quota",
                std::to_string(bytes) + " bytes wanted, " + std::to_string(open) + " unfinished");
}

}  // namespace sluice::fcgi::tus
