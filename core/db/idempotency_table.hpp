// SPDX-License-Identifier: MIT
// Table `idempotency_keys`: answers kept for 24 hours under the key their request came with.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/base/actor.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

struct KeptAnswer {
  std::string request_sha256;  ///< 32 raw bytes
  int status = 0;
  std::string location;  ///< may be empty
  std::string body;      ///< whatever the keeper put in
};

std::optional<KeptAnswer> find_kept_answer(Connection& connection, const Actor& actor, std::string_view key);
/// Throws DatabaseError `db.duplicate` when the key has an answer that has not expired.
void insert_kept_answer(Connection& connection, const Actor& actor, std::string_view key,
                        const KeptAnswer& answer);

/// Waits up to `wait_s` until no other session holds the key, then holds it. False: it is still held.
bool hold_key(Connection& connection, const Actor& actor, std::string_view key, int wait_s);
void let_key_go(Connection& connection, const Actor& actor, std::string_view key);

}  // namespace sluice::db
