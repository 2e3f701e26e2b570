// SPDX-License-Identifier: MIT
#include "jobs/dispatcher.hpp"

#include "core/base/log.hpp"

namespace sluice::jobs {
namespace {

constexpr std::chrono::milliseconds kBlock{2000};

/// Quarantine hears no rings (it would take them away from the others): it looks each second.
void run_without_rings(Shared& shared) {
  do {
    shared.wakeups.wake(1);
  } while (!shared.stop.wait_for(shared.options.times.reconcile));
}

void set_away(Shared& shared, bool away) {
  if (shared.redis_away.exchange(away) == away) return;
  if (away) {
    log_warning("Redis is away: looking into MariaDB instead", {{"code", "redis.unavailable"}});
  } else {
    log_info("Redis is back");
  }
}

}  // namespace

void run_dispatcher(Shared& shared) {
  if (shared.options.quarantine) return run_without_rings(shared);
  queue::BellListener listener(shared.config, shared.options.name);
  while (const std::size_t free = shared.wakeups.wait_for_free_slot()) {
    const auto heard = listener.wait(free, kBlock, shared.stop.fd());
    if (shared.stop.is_set()) return listener.forget();
    set_away(shared, heard.away);
    if (heard.away) {
      shared.wakeups.wake(1);
      shared.stop.wait_for(shared.options.times.poll);
    } else if (heard.emptied) {
      shared.bells_lost = true;
      shared.wakeups.wake(free);
    } else {
      shared.wakeups.wake(heard.rings);
      listener.forget();
    }
  }
}

}  // namespace sluice::jobs
