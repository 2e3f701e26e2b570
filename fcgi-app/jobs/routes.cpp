// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"

namespace sluice::fcgi {

std::span<const Route> job_routes() { return {}; }

}  // namespace sluice::fcgi
