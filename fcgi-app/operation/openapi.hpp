// SPDX-License-Identifier: MIT
// GET /openapi.json: the addresses as OpenAPI 3.1, made of THE table of routes, so that it cannot lag behind.
#pragma once
#include "fcgi-app/routes.hpp"

namespace sluice::fcgi::operation {

Response get_openapi(Request& request, const Actor& actor, Services& services);

/// The document for a table of routes. What the members of bodies mean is told by docs/http-api.md.
Json openapi_of(std::span<const Route> table, std::string_view version);

}  // namespace sluice::fcgi::operation
