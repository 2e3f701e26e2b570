// SPDX-License-Identifier: MIT
// HEAD /upload/{uid} (tus 1.0.0, "HEAD"). It fences nobody: a second tab that asks must not end a running
// upload.
#pragma once
#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::tus {

Response head_upload(Request& request, const Actor& actor, Services& services);

}  // namespace sluice::fcgi::tus
