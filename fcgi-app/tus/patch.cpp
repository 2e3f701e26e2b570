// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/patch.hpp"

#include "core/base/error.hpp"
#include "fcgi-app/dispatch.hpp"
#include "fcgi-app/request_error.hpp"
#include "fcgi-app/tus/checksum.hpp"
#include "fcgi-app/tus/headers.hpp"
#include "fcgi-app/tus/lookup.hpp"

namespace sluice::fcgi::tus {

std::optional<std::uint64_t> require_patchable(const Request& request, const db::Upload& upload,
                                               const Config& config) {
  const std::uint64_t offset = upload_offset(request);
  if (upload.concat == db::Concat::final)
    throw Error(Kind::forbidden, "upload.final", "a PATCH on a final upload");
  if (offset != upload.offset)
    throw Error(Kind::conflict, "upload.offset_mismatch",
                "Upload-Offset " + std::to_string(offset) + ", present " + std::to_string(upload.offset));
  if (upload.state == db::UploadState::complete)
    throw Error(Kind::conflict, "upload.complete", "a PATCH on a complete upload");
  const auto length = upload_length(request);
  if (upload.length && length && *length != *upload.length)
    throw header_error("upload.length_known", "Upload-Length",
                       "must be left out, or " + std::to_string(*upload.length) + ": that is fixed.",
                       "value");
  const std::uint64_t bytes = request.content_length.value_or(0);
  const auto known = upload.length ? upload.length : length;
  if (known && (offset > *known || bytes > *known - offset))
    throw Error(Kind::too_large, "upload.too_long", "more bytes than are left");
  if (length && config.max_upload_bytes != 0 && *length > config.max_upload_bytes)
    throw Error(Kind::too_large, "upload.max_size", "Upload-Length above the limit");
  static_cast<void>(Checksum::of(request));  // a bad header is refused before the body
  return upload.length ? std::nullopt : length;
}

Response appended_response(const Request& request, const Appended& appended, Response response) {
  if (appended.end == Appended::End::cut)
    response = refuse(Error(Kind::invalid, "http.body_cut", "the client went"), request);
  if (appended.end == Appended::End::stopping)
    response = refuse(Error(Kind::unavailable, "http.stopping", "the process is to end"), request);
  response.header("Upload-Offset", std::to_string(appended.offset));
  if (!appended.complete && !response.has_header("Upload-Expires"))
    response.header("Upload-Expires", http_date(appended.expires_unix));
  return response;
}

Response patch_upload(Request& request, const Actor& actor, Services& services) {
  require_version(request);
  require_patch_content_type(request);
  const db::Upload upload = find_present(services, actor, request.uid());
  const auto new_length = require_patchable(request, upload, services.config);
  return appended_response(request, append_body(request, actor, services, upload, new_length), Response(204));
}

}  // namespace sluice::fcgi::tus
