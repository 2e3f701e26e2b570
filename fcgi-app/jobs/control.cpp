// SPDX-License-Identifier: MIT
#include "fcgi-app/jobs/handlers.hpp"
#include "fcgi-app/jobs/job_json.hpp"

namespace sluice::fcgi::jobs {
namespace {

std::string_view name_of(db::Wish wish) {
  switch (wish) {
    case db::Wish::pause:
      return "paused";
    case db::Wish::resume:
      return "resumed";
    case db::Wish::cancel:
      return "cancelled";
    case db::Wish::retry:
      return "retried";
  }
  return "changed";
}

Response answer(Request& request, const Actor& actor, Services& services, db::Wish what) {
  return wish_response(wish(actor, services, request.uid(), what));
}

}  // namespace

db::WishResult wish(const Actor& actor, Services& services, const Uid& uid, db::Wish wish) {
  auto result =
      services.db([&](db::Connection& connection) { return db::apply_wish(connection, actor, uid, wish); });
  if (!result) throw Error(Kind::not_found, "job.not_found", uid.text());
  if (result->outcome == job::WishOutcome::impossible) {
    const std::string state(job::shown_state(result->job.state, result->job.want, result->job.attempt));
    throw Error(Kind::conflict, "job.impossible", state,
                "This job is " + state + " (wish: " + std::string(job::name_of(result->job.want)) +
                    ") and cannot be " + std::string(name_of(wish)) + ". GET /jobs/" + uid.text() +
                    " lists what can be done with it.");
  }
  if (result->signal()) services.signals.publish(uid, result->job.want, result->job.want_seq);
  if (result->ring()) services.doorbell.ring(uid);
  return std::move(*result);
}

Response wish_response(const db::WishResult& result) {
  const int status = result.outcome == job::WishOutcome::already ? 200 : 202;
  Response response = json_response(status, job_json(result.job));
  response.header("Location", "/jobs/" + result.job.uid.text());
  return response;
}

Response pause_job(Request& request, const Actor& actor, Services& services) {
  return answer(request, actor, services, db::Wish::pause);
}
Response resume_job(Request& request, const Actor& actor, Services& services) {
  return answer(request, actor, services, db::Wish::resume);
}
Response cancel_job(Request& request, const Actor& actor, Services& services) {
  return answer(request, actor, services, db::Wish::cancel);
}
Response retry_job(Request& request, const Actor& actor, Services& services) {
  return answer(request, actor, services, db::Wish::retry);
}

}  // namespace sluice::fcgi::jobs
