// SPDX-License-Identifier: MIT
// A request's way: method override, gate, route, handler; an Error becomes problem+json here and nowhere
// else.
#pragma once
#include <span>

#include "fcgi-app/http.hpp"
#include "fcgi-app/routes.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi {

/// Never throws. `request` may be changed (method override, uids).
Response dispatch(Request& request, Services& services, std::span<const Route> table = routes());

/// The answer to what could not even be parsed.
Response refuse(const Error& error, const Request& request);

}  // namespace sluice::fcgi
