// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"

#include "fcgi-app/exports/handlers.hpp"

namespace sluice::fcgi {
namespace {

constexpr Route kRoutes[] = {
    {Method::post, "/export", Policy::owner, create_export},
    {Method::post, "/export/estimate", Policy::owner, estimate_export},
    {Method::get, "/export", Policy::owner, list_exports, "limit cursor state dataset"},
    {Method::get, "/export/{uid}", Policy::owner, show_export},
    {Method::del, "/export/{uid}", Policy::owner, delete_export},
    {Method::get, "/export/{uid}/file", Policy::owner, download_export},
    {Method::post, "/export/{uid}/pause", Policy::owner, pause_export},
    {Method::post, "/export/{uid}/resume", Policy::owner, resume_export},
    {Method::post, "/export/{uid}/retry", Policy::owner, retry_export},
};

}  // namespace

std::span<const Route> export_routes() {
  return kRoutes;
}

}  // namespace sluice::fcgi
