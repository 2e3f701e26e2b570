// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/head.hpp"

#include "fcgi-app/tus/headers.hpp"
#include "fcgi-app/tus/lookup.hpp"

namespace sluice::fcgi::tus {
namespace {

std::string concat_header(const db::Upload& upload) {
  if (upload.concat == db::Concat::partial) return "partial";
  std::string text = "final;";
  for (const Json& part : upload.parts.items())
    text += (text.back() == ';' ? "/upload/" : " /upload/") + part.string();
  return text;
}

}  // namespace

Response head_upload(Request& request, const Actor& actor, Services& services) {
  require_version(request);
  const db::Upload upload = find_present(services, actor, request.uid());
  Response response(200);
  response.header("Cache-Control", "no-store").header("Upload-Offset", std::to_string(upload.offset));
  if (upload.length)
    response.header("Upload-Length", std::to_string(*upload.length));
  else
    response.header("Upload-Defer-Length", "1");
  if (!upload.metadata.empty()) response.header("Upload-Metadata", upload.metadata);
  if (upload.concat != db::Concat::no) response.header("Upload-Concat", concat_header(upload));
  if (upload.state == db::UploadState::open)
    response.header("Upload-Expires", http_date(upload.expires_unix));
  return response;
}

}  // namespace sluice::fcgi::tus
