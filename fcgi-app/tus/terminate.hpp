// SPDX-License-Identifier: MIT
// DELETE /upload/{uid} (tus 1.0.0, "Termination"), for unfinished and finished uploads.
#pragma once
#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::tus {

/// 204. A running PATCH fails at its next commit; an import that is not finished is cancelled. Errors:
/// tus.version, upload.not_found, upload.gone.
Response delete_upload(Request& request, const Actor& actor, Services& services);

}  // namespace sluice::fcgi::tus
