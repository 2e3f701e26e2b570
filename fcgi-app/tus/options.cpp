// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/options.hpp"

namespace sluice::fcgi::tus {
namespace {

// Not checksum-trailer: nginx 1.22 passes no request trailers on.
constexpr std::string_view kExtensions =
    "creation,creation-with-upload,creation-defer-length,termination,expiration,checksum,concatenation";
constexpr std::string_view kAlgorithms = "sha1,sha256,md5,crc32";
constexpr std::string_view kMaxChunk =
    "16777216";  // the longest body that nginx takes as a whole; longer ones stream

}  // namespace

Response options(Request&, const Actor&, Services& services) {
  Response response(204);
  response.header("Tus-Version", kVersion).header("Tus-Extension", kExtensions);
  response.header("Tus-Checksum-Algorithm", kAlgorithms).header("Sluice-Max-Chunk", kMaxChunk);
  if (services.config.max_upload_bytes != 0)
    response.header("Tus-Max-Size", std::to_string(services.config.max_upload_bytes));
  return response;
}

void add_headers(const Request& request, Response& response) {
  if (request.path != "/upload" && !request.path.starts_with("/upload/")) return;
  response.header("Tus-Resumable", kVersion);
  if (response.status == 412) response.header("Tus-Version", kVersion);
}

}  // namespace sluice::fcgi::tus
