// SPDX-License-Identifier: MIT
// CORS (Fetch standard) for the origins of SLUICE_CORS_ORIGINS; nothing for all others. No credentials, ever.
#pragma once
#include "core/base/config.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi {

/// Adds what lets an allowed page read this answer, and to a preflight what it may send.
void add_cors(const Request& request, const Config& config, Response& response);

}  // namespace sluice::fcgi
