// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"

namespace sluice::fcgi {

std::span<const Route> dataset_routes() { return {}; }

}  // namespace sluice::fcgi
