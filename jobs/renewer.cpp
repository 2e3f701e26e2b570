// SPDX-License-Identifier: MIT
#include "jobs/renewer.hpp"

#include "core/base/log.hpp"

namespace sluice::jobs {
namespace {

void renew_all(Shared& shared, db::Connection& connection) {
  const auto holds = shared.board.all();
  std::vector<std::uint64_t> ids;
  for (const auto& hold : holds) {
    ids.push_back(hold->lease().job_id);
    // A miss is no news: the fence tells the slot itself.
    if (db::renew_lease(connection, hold->lease(), hold->take_reported())) hold->touch();
  }
  for (const db::Standing& standing : db::standings(connection, ids)) {
    for (const auto& hold : holds)
      if (hold->lease().job_id == standing.job_id && hold->lease().epoch == standing.epoch)
        hold->set_want(standing.want, standing.want_seq);
  }
}

}  // namespace

void run_renewer(Shared& shared) {
  repeat(shared.watcher_options(), shared.slots_done, shared.options.times.renew, "renewer",
         [&](db::Connection& connection) { renew_all(shared, connection); });
}

}  // namespace sluice::jobs
