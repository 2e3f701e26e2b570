// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/concat.hpp"

#include <algorithm>
#include <map>

#include "core/base/error.hpp"
#include "core/storage/piece_file.hpp"
#include "fcgi-app/idempotency.hpp"
#include "fcgi-app/request_error.hpp"
#include "fcgi-app/tus/lookup.hpp"
#include "fcgi-app/tus/room.hpp"
#include "fcgi-app/uploads/enqueue.hpp"

namespace sluice::fcgi::tus {
namespace {

/// The parts by uid, each once, locked in one order: a DELETE of one of them waits, or was first and is seen.
std::map<Uid, db::Upload> lock_parts(db::Transaction& transaction, const Actor& actor,
                                     const std::vector<Uid>& uids) {
  std::map<Uid, db::Upload> parts;
  std::map<std::uint64_t, Uid> by_id;
  for (const Uid& uid : uids) {
    const db::Upload part = find_living(transaction, actor, uid);
    if (part.concat != db::Concat::partial)
      throw header_error("tus.concat", "Upload-Concat",
                         "names /upload/" + uid.text() + ", which is not a partial upload.", "value");
    by_id.emplace(part.id, uid);
  }
  for (const auto& [id, uid] : by_id) {
    const auto part = db::lock_upload(transaction, id);
    if (!part || part->state == db::UploadState::gone)
      throw Error(Kind::gone, "upload.gone", "a part is gone");
    if (part->state != db::UploadState::complete)
      throw Error(Kind::conflict, "upload.partial_unfinished", "a part is unfinished: " + uid.text());
    parts.emplace(uid, *part);
  }
  return parts;
}

/// Bytes of the parts together. Errors: upload.max_size, upload.too_many_pieces.
std::uint64_t length_of(db::Transaction& transaction, const std::map<Uid, db::Upload>& parts,
                        const std::vector<Uid>& uids, const Config& config) {
  std::uint64_t length = 0, pieces = 0;
  for (const Uid& uid : uids) {
    const db::Upload& part = parts.at(uid);
    if (part.offset > (~std::uint64_t{0} >> 1) - length)
      throw Error(Kind::too_large, "upload.max_size", "the sum of the parts");
    length += part.offset;
    pieces += db::count_pieces(transaction, part.id);
  }
  if (config.max_upload_bytes != 0 && length > config.max_upload_bytes)
    throw Error(Kind::too_large, "upload.max_size", "the sum of the parts");
  if (pieces > config.max_pieces)
    throw Error(Kind::too_large, "upload.too_many_pieces", "the parts have too many pieces");
  return length;
}

/// The final upload with its parts' pieces, complete.
db::Upload join(db::Transaction& transaction, const Actor& actor, const std::map<Uid, db::Upload>& parts,
                const std::vector<Uid>& uids, db::NewUpload row, std::uint64_t length) {
  Json addresses = Json::array();
  for (const Uid& uid : uids) addresses.push(uid.text());
  row.options.set("parts", std::move(addresses));
  db::Upload upload = db::insert_upload(transaction, actor, row);
  std::uint64_t at = 0;
  for (const Uid& uid : uids) {
    db::copy_pieces(transaction, parts.at(uid).id, upload.id, at);
    at += parts.at(uid).offset;
  }
  // Its bytes are on the disk already: what it still needs is the assembled file.
  db::set_final_length(transaction, upload.id, length, 2 * length);
  if (!db::complete_upload(transaction, upload.id))
    throw Error(Kind::internal, "upload.final_incomplete", "a final upload that is not complete");
  upload.length = length;
  return upload;
}

}  // namespace

Response create_final(Request& request, const Actor& actor, Services& services, const Creation& creation) {
  const Config& config = services.config;
  const std::vector<Uid>& uids = creation.concat.parts;
  std::optional<Uid> job;
  Response response(201);
  services.db([&](db::Connection& connection) {
    db::with_retry([&] {
      db::Transaction transaction(connection);
      db::lock_space(transaction);
      const auto parts = lock_parts(transaction, actor, uids);
      const std::uint64_t length = length_of(transaction, parts, uids, config);
      require_admissible(transaction, actor, creation, config);
      require_quota(transaction, actor, config, length);
      require_space(transaction, config, length);
      const db::Upload upload = join(transaction, actor, parts, uids, row_of(creation, config), length);
      job = uploads::enqueue_import(transaction, actor, upload, request.request_id);
      response = Response(201).header("Location", "/upload/" + upload.uid.text());
      keep_answer(transaction, request, actor, response);
      transaction.commit();
    });
  });
  if (job) services.doorbell.ring(*job);
  return response;
}

}  // namespace sluice::fcgi::tus
