// SPDX-License-Identifier: MIT
#include "fcgi-app/cors.hpp"

#include "fcgi-app/gate.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::string_view kMethods = "GET, HEAD, POST, PATCH, DELETE, OPTIONS";
constexpr std::string_view kSent =
    "Content-Type, If-None-Match, If-Match, Idempotency-Key, Tus-Resumable, Upload-Length, "
    "Upload-Defer-Length, "
    "Upload-Offset, Upload-Metadata, Upload-Checksum, Upload-Concat, X-HTTP-Method-Override, "
    "X-Requested-With, "
    "X-Request-Id";
// Without these a page of another origin sees no offset: "invalid or missing offset value" in tus-js-client.
constexpr std::string_view kSeen =
    "Location, ETag, Retry-After, X-Request-Id, Content-Disposition, Tus-Resumable, Tus-Version, "
    "Tus-Extension, "
    "Tus-Max-Size, Tus-Checksum-Algorithm, Sluice-Max-Chunk, Upload-Offset, Upload-Length, "
    "Upload-Defer-Length, "
    "Upload-Metadata, Upload-Expires, Upload-Concat";

}  // namespace

void add_cors(const Request& request, const Config& config, Response& response) {
  if (config.cors_origins.empty()) return;
  response.header("Vary", "Origin");
  std::string origin;
  for (const auto& [name, value] : request.headers)
    if (name == "origin") origin = value;
  if (!is_allowed_origin(config, origin)) return;
  response.header("Access-Control-Allow-Origin", origin).header("Access-Control-Expose-Headers", kSeen);
  if (request.method != Method::options) return;
  response.header("Access-Control-Allow-Methods", kMethods).header("Access-Control-Allow-Headers", kSent);
  response.header("Access-Control-Max-Age", "86400");
}

}  // namespace sluice::fcgi
