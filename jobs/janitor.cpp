// SPDX-License-Identifier: MIT
#include "jobs/janitor.hpp"

#include "core/base/log.hpp"
#include "core/db/job_upkeep.hpp"

namespace sluice::jobs {
namespace {

constexpr std::uint32_t kAtOnce = 4;

/// True when there may be more. What fails is put off, so this comes to an end.
bool clean_up_some(Shared& shared, db::Connection& connection) {
  const std::vector<db::LeasedJob> jobs = db::take_cleanups(connection, kAtOnce);
  for (const db::LeasedJob& job : jobs) {
    Kind* kind = shared.kinds.find(job.kind);
    if (kind == nullptr) continue;
    try {
      kind->clean_up(connection, shared.config, record_of(job));
      db::finish_cleanup(connection, job.id);
      log_info("cleaned up", {{"job", job.uid.text()}, {"kind", job::name_of(job.kind)}});
    } catch (const Error& error) {  // another turn, half a minute later
      log_warning("cleaning up failed",
                  {{"job", job.uid.text()}, {"code", error.code()}, {"detail", error.detail()}});
      connection.ensure();
    }
    if (shared.stop.is_set()) return false;
  }
  return jobs.size() == kAtOnce;
}

}  // namespace

void run_janitor(Shared& shared) {
  auto options = shared.watcher_options();
  options.read_timeout = std::chrono::seconds{60};
  repeat(options, shared.slots_done, shared.options.times.clean_up, "janitor",
         [&](db::Connection& connection) {
           while (clean_up_some(shared, connection)) {
           }
         });
}

}  // namespace sluice::jobs
