// SPDX-License-Identifier: MIT
// Jobs of every kind: list, one, its history, and what people may ask of it (overview, section 8).
#pragma once
#include "core/db/job_table.hpp"
#include "fcgi-app/routes.hpp"

namespace sluice::fcgi::jobs {

Response list_jobs(Request& request, const Actor& actor,
                   Services& services);  // GET /jobs?state&kind&limit&cursor
Response get_job(Request& request, const Actor& actor, Services& services);      // GET /jobs/{uid}
Response list_events(Request& request, const Actor& actor, Services& services);  // GET /jobs/{uid}/events
Response pause_job(Request& request, const Actor& actor, Services& services);    // POST /jobs/{uid}/pause
Response resume_job(Request& request, const Actor& actor, Services& services);
Response cancel_job(Request& request, const Actor& actor, Services& services);
Response retry_job(Request& request, const Actor& actor, Services& services);

/// For the kinds' own addresses (/export/{uid}/pause …): applies the wish, sends the signal or rings the
/// bell. Errors: not_found `job.not_found`, conflict `job.impossible`, which names state and wish.
db::WishResult wish(const Actor& actor, Services& services, const Uid& uid, db::Wish wish);
/// 202 when something was set going, 200 when it was so already; the job as body.
Response wish_response(const db::WishResult& result);

}  // namespace sluice::fcgi::jobs
