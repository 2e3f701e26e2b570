// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"
#include "fcgi-app/tus/options.hpp"

namespace sluice::fcgi {

std::span<const Route> upload_routes() {
  static constexpr Route kRoutes[] = {
      {Method::options, "/upload", Policy::owner, tus::options},
      {Method::options, "/upload/{uid}", Policy::owner, tus::options},
  };
  return kRoutes;
}

}  // namespace sluice::fcgi
