// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/lookup.hpp"

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/storage/piece_file.hpp"

namespace sluice::fcgi::tus {

db::Upload find_living(db::Connection& connection, const Actor& actor, const Uid& uid) {
  auto upload = db::find_upload(connection, actor, uid);
  if (!upload) throw Error(Kind::not_found, "upload.not_found", "no upload " + uid.text());
  if (upload->state == db::UploadState::gone)
    throw Error(Kind::gone, "upload.gone", "terminated: " + uid.text());
  if (upload->expired) throw Error(Kind::gone, "upload.expired", "expired: " + uid.text());
  return std::move(*upload);
}

std::optional<db::Upload> after_restart(db::Connection& connection, const Actor& actor, db::Upload upload,
                                        const Config& config) {
  if (upload.state != db::UploadState::open || upload.boot_id == storage::boot_id()) return upload;
  std::vector<std::string> files;
  db::with_retry([&] {
    db::Transaction transaction(connection);
    files = db::go_back_to_synced(transaction, upload, storage::boot_id());
    transaction.commit();
  });
  log_info("upload set back after a restart of the machine",
           {{"upload", upload.uid.text()}, {"from", upload.offset}, {"to", upload.synced_offset}});
  storage::PieceStore(config.pieces_dir()).remove(files);
  return db::find_upload(connection, actor, upload.uid);
}

db::Upload find_present(Services& services, const Actor& actor, const Uid& uid) {
  return services.db([&](db::Connection& connection) {
    db::Upload upload = find_living(connection, actor, uid);
    if (upload.state != db::UploadState::open || upload.boot_id == storage::boot_id()) return upload;
    after_restart(connection, actor, std::move(upload), services.config);
    return find_living(connection, actor, uid);
  });
}

}  // namespace sluice::fcgi::tus
