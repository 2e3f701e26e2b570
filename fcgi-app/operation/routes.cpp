// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"
#include "fcgi-app/operation/live.hpp"
#include "fcgi-app/operation/openapi.hpp"
#include "fcgi-app/operation/ready.hpp"

namespace sluice::fcgi {

std::span<const Route> operation_routes() {
  static constexpr Route kRoutes[] = {
      {Method::get, "/livez", Policy::open, operation::get_livez, kAnyParameters},
      {Method::get, "/readyz", Policy::open, operation::get_readyz, kAnyParameters},
      {Method::get, "/metrics", Policy::open, operation::get_metrics, kAnyParameters},
      {Method::get, "/openapi.json", Policy::open, operation::get_openapi, kAnyParameters},
  };
  return kRoutes;
}

}  // namespace sluice::fcgi
