// SPDX-License-Identifier: MIT
#include "jobs/renewer.hpp"

#include <malloc.h>

#include "core/base/log.hpp"

namespace sluice::jobs {
namespace {

void renew_all(Shared& shared, db::Connection& connection) {
  const auto holds = shared.board.all();
  for (const auto& hold : holds) {
    // A miss is no news: the fence tells the slot itself.
    if (db::renew_lease(connection, hold->lease(), hold->take_reported())) hold->touch();
  }
  read_wishes(connection, holds);
}

/// Keeps the process within what it may hold, and small while nobody works.
class MemoryWatch {
 public:
  void look(Shared& shared) {
    const auto holds = shared.board.all();
    if (holds.empty()) return give_back();
    if (shared.config.job_memory == 0 || holds.size() < 2) return;
    if (resident_bytes() <= shared.config.job_memory) return;
    malloc_trim(0);  // what was given back stays with the process otherwise
    const std::uint64_t held = resident_bytes();
    if (held <= shared.config.job_memory) return;
    // The youngest job makes room; the last one is left alone.
    log_warning("too much memory: the youngest job waits",
                {{"job", holds.back()->job().uid.text()}, {"bytes", held}});
    holds.back()->ask_to_make_room();
  }

 private:
  /// What ended jobs had needed, when it is worth the walk.
  void give_back() {
    constexpr std::uint64_t kWorth = 16u << 20;
    if (resident_bytes() <= idle_bytes_ + kWorth) return;
    malloc_trim(0);
    idle_bytes_ = resident_bytes();
  }

  std::uint64_t idle_bytes_ = 0;  ///< as they were after the last time
};

}  // namespace

void run_renewer(Shared& shared) {
  MemoryWatch memory;
  repeat(shared.watcher_options(), shared.slots_done, shared.options.times.renew, "renewer",
         [&](db::Connection& connection) {
           renew_all(shared, connection);
           memory.look(shared);
           shared.counters.flush(connection);
         });
}

}  // namespace sluice::jobs
