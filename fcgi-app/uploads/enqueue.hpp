// SPDX-License-Identifier: MIT
// What a complete upload starts.
#pragma once
#include <optional>
#include <string>

#include "core/base/actor.hpp"
#include "core/db/transaction.hpp"
#include "core/db/upload_table.hpp"

namespace sluice::fcgi::uploads {

/// Queues the import of an upload that this transaction completes; its uid is to be rung after the commit.
/// Nothing for partial uploads and for those that wait for POST /team.
std::optional<Uid> enqueue_import(db::Transaction& transaction, const Actor& actor, const db::Upload& upload,
                                  const std::string& request_id);

}  // namespace sluice::fcgi::uploads
