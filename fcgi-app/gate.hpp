// SPDX-License-Identifier: MIT
// The gate: who asks, and may he ask at all? One function before every handler (security.md 2).
#pragma once
#include "core/base/actor.hpp"
#include "core/base/config.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/routes.hpp"

namespace sluice::fcgi {

/// Refuses to run without accounts where others could reach it: Error invalid `config.invalid` when AUTH is
/// off and PUBLISH is no loopback address. Called by main before anything is served.
void require_safe_publishing(const Config& config);

/// The actor, which is the one local owner until accounts exist. `sent` is the method as it came, before an
/// override. Errors: forbidden `http.host` (421), `http.foreign_origin` (403).
Actor gate(const Request& request, Method sent, Policy policy, const Config& config);

/// True if pages of this origin may use the API (CORS_ORIGINS).
bool is_allowed_origin(const Config& config, std::string_view origin);

}  // namespace sluice::fcgi
