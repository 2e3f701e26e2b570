// SPDX-License-Identifier: MIT
// GET /livez: this process answers. It asks nobody else; whether the rest is there says /readyz.
#pragma once
#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::operation {

Response get_livez(Request& request, const Actor& actor, Services& services);

}  // namespace sluice::fcgi::operation
