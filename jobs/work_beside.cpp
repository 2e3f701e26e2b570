// SPDX-License-Identifier: MIT
#include "jobs/work_beside.hpp"

#include <optional>
#include <utility>

#include "core/base/log.hpp"
#include "jobs/slot_options.hpp"

namespace sluice::jobs {
namespace {

void run(Attempt& attempt, const std::function<void(db::Connection&)>& work) {
  const db::ThreadScope thread;
  std::optional<db::Connection> connection;
  try {
    connection.emplace(slot_options(attempt.config()));
  } catch (const std::exception& error) {
    log_warning("no second connection for a job",
                {{"job", attempt.job().uid.text()}, {"detail", error.what()}});
    return;
  }
  const WorksBeside beside(attempt, *connection);
  work(*connection);
}

}  // namespace

std::jthread work_beside(Attempt& attempt, std::function<void(db::Connection&)> work) {
  return std::jthread([&attempt, work = std::move(work)] { run(attempt, work); });
}

}  // namespace sluice::jobs
