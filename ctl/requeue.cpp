// SPDX-License-Identifier: MIT
#include <cstdio>

#include "core/db/connection.hpp"
#include "core/db/job_lease_table.hpp"
#include "core/db/job_upkeep.hpp"
#include "core/queue/doorbell.hpp"
#include "ctl/commands.hpp"

namespace sluice::ctl {

int requeue(const Config& config) {
  constexpr std::uint32_t kAtOnce = 200;
  db::Connection connection(db::options_for(config, config.db_runner));
  queue::Doorbell doorbell(config);
  db::owe_all_bells(connection);
  std::size_t rung = 0;
  for (;;) {
    const auto due = db::take_due_bells(connection, kAtOnce);
    for (const Uid& uid : due) doorbell.ring(uid);
    rung += due.size();
    if (due.size() < kAtOnce) break;
  }
  std::printf("rang for %zu jobs\n", rung);
  return 0;
}

}  // namespace sluice::ctl
