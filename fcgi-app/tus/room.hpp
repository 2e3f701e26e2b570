// SPDX-License-Identifier: MIT
// Room for uploads: the disk, less its reserve and what others have been promised; and what one owner may
// have unfinished. Exact only under db::lock_space(), which is held until the row with the promise is
// committed; without it an early refusal.
#pragma once
#include <cstdint>

#include "core/base/actor.hpp"
#include "core/base/config.hpp"
#include "core/db/connection.hpp"

namespace sluice::fcgi::tus {

/// Bytes to reserve for an upload of this length: its pieces, and the assembled file where that is a second
/// copy.
std::uint64_t bytes_to_reserve(std::uint64_t length);

/// Error no_space `upload.no_space` unless there is room for so many bytes besides what others have reserved.
void require_space(db::Connection& connection, const Config& config, std::uint64_t bytes);

/// Error too_many `upload.too_many_open` when the actor may not open one more upload.
void require_few_open(db::Connection& connection, const Actor& actor, const Config& config);

/// Error no_space `upload.quota` when the actor's unfinished uploads would have more than they may with so
/// many bytes more.
void require_quota(db::Connection& connection, const Actor& actor, const Config& config, std::uint64_t bytes);

}  // namespace sluice::fcgi::tus
