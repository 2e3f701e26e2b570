// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"

#include "fcgi-app/jobs/handlers.hpp"

namespace sluice::fcgi {

std::span<const Route> job_routes() {
  static constexpr Route kRoutes[] = {
      {Method::get, "/jobs", Policy::owner, jobs::list_jobs, "limit cursor state kind dataset"},
      {Method::get, "/jobs/{uid}", Policy::owner, jobs::get_job},
      {Method::get, "/jobs/{uid}/events", Policy::owner, jobs::list_events, "limit cursor"},
      {Method::post, "/jobs/{uid}/pause", Policy::owner, jobs::pause_job},
      {Method::post, "/jobs/{uid}/resume", Policy::owner, jobs::resume_job},
      {Method::post, "/jobs/{uid}/cancel", Policy::owner, jobs::cancel_job},
      {Method::post, "/jobs/{uid}/retry", Policy::owner, jobs::retry_job},
  };
  return kRoutes;
}

}  // namespace sluice::fcgi
