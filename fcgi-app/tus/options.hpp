// SPDX-License-Identifier: MIT
// What every answer of /upload carries, and what OPTIONS tells (tus 1.0.0, "OPTIONS").
#pragma once
#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::tus {

inline constexpr std::string_view kVersion = "1.0.0";

/// OPTIONS /upload, /upload/{uid}: version, extensions, limits. The request's own Tus-Resumable is ignored.
Response options(Request& request, const Actor& actor, Services& services);

/// Tus-Resumable on every answer of /upload…, errors too; Tus-Version with a 412.
void add_headers(const Request& request, Response& response);

}  // namespace sluice::fcgi::tus
