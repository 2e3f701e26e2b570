// SPDX-License-Identifier: MIT
// GET /openapi.json: operation/openapi.json, which is written by hand and part of the program. A unit test
// holds it against THE table of routes, tests/support/openapi.py against every answer that the suites get.
#pragma once
#include <string_view>

#include "fcgi-app/routes.hpp"

namespace sluice::fcgi::operation {

Response get_openapi(Request& request, const Actor& actor, Services& services);

/// The document, OpenAPI 3.1, of this version.
Json openapi_document(std::string_view version);

}  // namespace sluice::fcgi::operation
