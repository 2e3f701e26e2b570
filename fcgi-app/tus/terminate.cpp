// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/terminate.hpp"

#include "core/base/error.hpp"
#include "core/db/import_table.hpp"
#include "core/db/job_table.hpp"
#include "core/storage/piece_file.hpp"
#include "core/storage/upload_file.hpp"
#include "fcgi-app/tus/headers.hpp"
#include "fcgi-app/tus/lookup.hpp"

namespace sluice::fcgi::tus {
namespace {

/// Imports that still need the bytes end here; what is loaded already stays.
std::vector<db::WishResult> cancel_imports(db::Transaction& transaction, const Actor& actor,
                                           const db::Upload& upload) {
  std::vector<db::WishResult> wishes;
  for (const db::Import& import : db::imports_of_upload(transaction, actor, upload.id)) {
    const auto job = db::find_job_by_id(transaction, import.job_id);
    if (!job || job::is_terminal(job->state)) continue;
    if (auto wish = db::apply_wish(transaction, actor, job->uid, db::Wish::cancel))
      wishes.push_back(std::move(*wish));
  }
  return wishes;
}

}  // namespace

Response delete_upload(Request& request, const Actor& actor, Services& services) {
  require_version(request);
  std::vector<std::string> files;
  std::vector<db::WishResult> wishes;
  services.db([&](db::Connection& connection) {
    db::with_retry([&] {
      db::Transaction transaction(connection);
      const db::Upload upload = find_living(transaction, actor, request.uid());
      // First the state: from this commit on no PATCH can add anything.
      const auto removed = db::remove_upload(transaction, upload.id);
      if (!removed) throw Error(Kind::gone, "upload.gone", "somebody else was quicker");
      files = *removed;
      wishes = cancel_imports(transaction, actor, upload);
      transaction.commit();
    });
  });
  for (const db::WishResult& wish : wishes)
    if (wish.signal()) services.signals.publish(wish.job.uid, wish.job.want, wish.job.want_seq);
  storage::PieceStore(services.config.pieces_dir()).remove(files);
  storage::remove_upload_file(services.config.files_dir(), request.uid());
  return Response(204);
}

}  // namespace sluice::fcgi::tus
