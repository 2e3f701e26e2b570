// SPDX-License-Identifier: MIT
#include "core/db/idempotency_table.hpp"

#include "core/base/digest.hpp"

namespace sluice::db {
namespace {

constexpr const char* kFind =
    "SELECT request_sha256, status, location, body FROM idempotency_keys "
    "WHERE owner_id = ? AND idempotency_key = ? AND expires_at > UTC_TIMESTAMP(6)";
constexpr const char* kForget =
    "DELETE FROM idempotency_keys WHERE owner_id = ? AND idempotency_key = ? AND expires_at <= "
    "UTC_TIMESTAMP(6)";
constexpr const char* kInsert =
    "INSERT INTO idempotency_keys(owner_id, idempotency_key, request_sha256, status, location, body, "
    "expires_at) "
    "VALUES(?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6) + INTERVAL 1 DAY)";

/// Names of GET_LOCK have at most 64 characters.
std::string lock_name(const Actor& actor, std::string_view key) {
  return "sluice.key." +
         to_hex(sha256(std::to_string(actor.owner_id) + " " + std::string(key))).substr(0, 40);
}

}  // namespace

std::optional<KeptAnswer> find_kept_answer(Connection& connection, const Actor& actor, std::string_view key) {
  const auto row = connection.select_one(kFind, {actor.owner_id, key});
  if (!row) return std::nullopt;
  return KeptAnswer{row->text(0), static_cast<int>(row->i64(1)), row->text(2), row->text(3)};
}

void insert_kept_answer(Connection& connection, const Actor& actor, std::string_view key,
                        const KeptAnswer& answer) {
  connection.execute(kForget, {actor.owner_id, key});
  connection.execute(
      kInsert, {actor.owner_id, key, answer.request_sha256, answer.status, answer.location, answer.body});
}

bool hold_key(Connection& connection, const Actor& actor, std::string_view key, int wait_s) {
  const auto row = connection.select_one("SELECT GET_LOCK(?, ?)", {lock_name(actor, key), wait_s});
  return row && !row->is_null(0) && row->flag(0);
}

void let_key_go(Connection& connection, const Actor& actor, std::string_view key) {
  connection.select("SELECT RELEASE_LOCK(?)", {lock_name(actor, key)});
}

}  // namespace sluice::db
