// SPDX-License-Identifier: MIT
// nginx asks (auth_request) before it reads the body of a PATCH or POST of /upload: may it come at all? The
// only early refusal in the buffered lane. The final truth stays the compare-and-swap of the offset.
#pragma once
#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::tus {

/// Throws the Error that the request itself would be answered with; dispatch turns it into 403 with `X-Why:
/// 409 upload.offset_mismatch` and the answer's body in X-Problem.
void pre_check(Request& request, const Actor& actor, Services& services);

}  // namespace sluice::fcgi::tus
