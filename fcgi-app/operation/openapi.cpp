// SPDX-License-Identifier: MIT
#include "fcgi-app/operation/openapi.hpp"

#include "core/base/json.hpp"

namespace sluice::fcgi::operation {

extern const std::string_view kOpenapiText;  // made of openapi.json by CMake

Json openapi_document(std::string_view version) {
  Json document = parse_stored_json(kOpenapiText);
  Json info = document.at("info");
  document.set("info", info.set("version", version));
  return document;
}

Response get_openapi(Request& request, const Actor&, Services& services) {
  static const Json document = openapi_document(services.config.version);
  return json_with_etag(request, document);
}

}  // namespace sluice::fcgi::operation
