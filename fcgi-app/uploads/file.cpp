// SPDX-License-Identifier: MIT
#include "core/base/error.hpp"
#include "core/storage/upload_file.hpp"
#include "fcgi-app/tus/lookup.hpp"
#include "fcgi-app/uploads/content.hpp"

namespace sluice::fcgi::uploads {

Response send_upload_file(Request& request, const Actor& actor, Services& services) {
  const db::Upload upload = services.db(
      [&](db::Connection& connection) { return tus::find_living(connection, actor, request.uid()); });
  if (!upload.assembled_at)
    throw Error(Kind::conflict, "upload.not_assembled", request.uid().text(),
                "The file is there once the upload is complete and its job has put it together. Ask again in "
                "a moment.");
  return file_response("uploads/files/" + storage::upload_file_name(upload.uid),
                       upload.filename.value_or("upload.csv"), "application/octet-stream", upload.sha256);
}

}  // namespace sluice::fcgi::uploads
