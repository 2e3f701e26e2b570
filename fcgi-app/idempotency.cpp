// SPDX-License-Identifier: MIT
// Two requests with one key at the same moment: in pool web the second waits for the first under GET_LOCK;
// where it does not (pool stream lends connections for a moment only), the unique key lets one transaction
// commit, and the other one's is rolled back and answered with what the first kept.
#include "fcgi-app/idempotency.hpp"

#include <fcntl.h>

#include <array>

#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/base/unique_fd.hpp"
#include "core/db/idempotency_table.hpp"

namespace sluice::fcgi {
namespace {

constexpr int kWaitForFirstS = 5;
constexpr std::uint64_t kHashedInStream = 64 * 1024;

/// What else makes two requests differ: tus says in headers what others say in a body.
constexpr std::string_view kHeaders[] = {"content-type", "upload-length", "upload-defer-length",
                                         "upload-metadata", "upload-concat"};

std::string digest_of(const Request& request) {
  Digest digest;
  digest.update(std::string(name_of(request.method)) + " " + request.path + "?" + request.query + "\n");
  for (const std::string_view name : kHeaders)
    if (const auto value = request.header(name)) digest.update(std::string(name) + ":" + *value + "\n");
  if (!request.body_file.empty()) {
    const UniqueFd file(::open(request.body_file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    std::array<char, 32 * 1024> block;
    for (ssize_t n = 0; file && (n = ::read(file.get(), block.data(), block.size())) > 0;)
      digest.update({block.data(), static_cast<std::size_t>(n)});
  } else if (request.content_length.value_or(kHashedInStream + 1) <= kHashedInStream) {
    digest.update(request.small_body());
  }
  return digest.finish();
}

/// Without a body there is nothing on stdin either; CONTENT_LENGTH is then empty or 0.
std::optional<IdempotencyKey> key_of(const Request& request) {
  if (request.method != Method::post) return std::nullopt;
  const auto key = request.header("Idempotency-Key");
  if (!key) return std::nullopt;
  const bool printable =
      key->find_first_not_of(
          " !\"#$%&'()*+,-./"
          "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~") ==
      std::string::npos;
  if (key->empty() || key->size() > 255 || !printable)
    throw Error(Kind::invalid, "idempotency.key", "a bad key");
  return IdempotencyKey{*key, digest_of(request)};
}

db::KeptAnswer pack(const IdempotencyKey& key, const Response& response) {
  Json headers = Json::array();
  std::string location;
  for (const auto& [name, value] : response.headers) {
    headers.push(Json::array({name, value}));
    if (name == "Location") location = value;
  }
  return {key.request_sha256, response.status, location,
          Json::object({{"headers", headers}, {"body", response.body}}).text()};
}

Response unpack(const db::KeptAnswer& kept, const IdempotencyKey& key) {
  if (kept.request_sha256 != key.request_sha256)
    throw Error(Kind::invalid, "idempotency.mismatch", "the key came with another request before");
  const Json packed = parse_stored_json(kept.body);
  Response response(kept.status);
  for (const Json& pair : packed.at("headers").items())
    response.header(pair.items().at(0).string(), pair.items().at(1).string());
  response.body = packed.at("body").string();
  return response;
}

std::optional<Response> kept_answer(const Request& request, const Actor& actor, Services& services) {
  const auto kept = services.db(
      [&](db::Connection& db) { return db::find_kept_answer(db, actor, request.idempotency->key); });
  if (!kept) return std::nullopt;
  return unpack(*kept, *request.idempotency);
}

Response answer_with_key(Request& request, const Actor& actor, Services& services, Handler handler) {
  if (auto kept = kept_answer(request, actor, services)) return std::move(*kept);
  Response response;
  try {
    response = handler(request, actor, services);
    if (!request.idempotency->kept && response.status < 300)
      services.db([&](db::Connection& db) {
        db::insert_kept_answer(db, actor, request.idempotency->key, pack(*request.idempotency, response));
      });
  } catch (const db::DatabaseError& error) {
    if (error.code() != "db.duplicate") throw;
    if (auto kept = kept_answer(request, actor, services)) return std::move(*kept);
    throw;
  }
  return response;
}

}  // namespace

Response answer_once(Request& request, const Actor& actor, Services& services, Handler handler) {
  request.idempotency = key_of(request);
  if (!request.idempotency) return handler(request, actor, services);
  const std::string key = request.idempotency->key;
  if (!services.connection_is_own) return answer_with_key(request, actor, services, handler);

  const bool held =
      services.db([&](db::Connection& db) { return db::hold_key(db, actor, key, kWaitForFirstS); });
  if (!held) throw Error(Kind::unavailable, "idempotency.busy", "the key is held by another session");
  struct LetGo {
    const Actor& actor;
    Services& services;
    const std::string& key;
    ~LetGo() {
      try {
        services.db([&](db::Connection& db) { db::let_key_go(db, actor, key); });
      } catch (const std::exception& error) {  // a session that ended has let go by itself
        log_warning("cannot release an idempotency key", {{"detail", error.what()}});
      }
    }
  } let_go{actor, services, key};
  return answer_with_key(request, actor, services, handler);
}

void keep_answer(db::Transaction& transaction, Request& request, const Actor& actor,
                 const Response& response) {
  if (!request.idempotency) return;
  db::insert_kept_answer(transaction, actor, request.idempotency->key, pack(*request.idempotency, response));
  request.idempotency->kept = true;
}

}  // namespace sluice::fcgi
