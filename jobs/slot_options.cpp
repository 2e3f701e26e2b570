// SPDX-License-Identifier: MIT
#include "jobs/slot_options.hpp"

namespace sluice::jobs {

db::ConnectionOptions slot_options(const Config& config) {
  auto options = db::options_for(config, config.db_runner);
  // A statement over a whole import may take minutes; a server that is gone shows at once on a socket, and a
  // stuck statement of the slot's own connection is killed by the control thread.
  options.read_timeout = options.write_timeout = std::chrono::seconds{600};
  options.short_idle_transactions = true;
  return options;
}

}  // namespace sluice::jobs
