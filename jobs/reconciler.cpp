// SPDX-License-Identifier: MIT
#include "jobs/reconciler.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/db/job_upkeep.hpp"
#include "core/db/owner_load_table.hpp"
#include "jobs/lease_watch.hpp"
#include "jobs/slot_lock.hpp"

namespace sluice::jobs {
namespace {

/// A slot that was woken works until it finds nothing more, so one ring for each slot is enough; the jobs
/// whose rings are put off cannot be started meanwhile.
constexpr std::uint32_t kBellsATurn = 20;
/// With so many rings waiting another one would add nothing but length.
constexpr std::uint64_t kEnoughRings = 1000;

/// Its end was its own fault: host, supervisord and MariaDB are the same ones still.
bool counts_as_crash(const db::RunnerRow& runner, const db::RunnerIdentity& finder) {
  if (!runner.same_server) return false;
  if (runner.identity.host != finder.host) return true;
  return runner.identity.boot_id == finder.boot_id && runner.identity.generation == finder.generation;
}

void take_over(Shared& shared, db::Connection& connection, const db::SeenLease& seen, const char* proof) {
  const auto runner = db::find_runner(connection, seen.runner_id);
  // A stopped or cut-off holder still has row locks: they would block the next one for long.
  if (runner && runner->same_server) db::kill_connection(connection, seen.connection_id);
  const bool crash = runner && counts_as_crash(*runner, shared.identity);
  const auto state = db::take_over(connection, seen, crash, shared.options.name);
  if (!state) return;
  log_warning("taken over", {{"job", seen.uid.text()},
                             {"epoch", seen.epoch + 1},
                             {"state", job::name_of(*state)},
                             {"proof", proof},
                             {"crash", crash}});
  shared.counters.count(job::kTakeOvers);
  shared.counters.observe(job::kRecover, seen.silent_seconds);
  if (*state == job::State::queued) shared.doorbell.ring(seen.uid);
}

bool is_own(const Shared& shared, const db::SeenLease& lease) {
  return std::find(shared.runner_ids.begin(), shared.runner_ids.end(), lease.runner_id) !=
         shared.runner_ids.end();
}

class Reconciler {
 public:
  explicit Reconciler(Shared& shared)
      : shared_(shared), watch_(shared.options.times.lease, shared.options.times.reconcile) {}

  void turn(db::Connection& connection) {
    const auto now = BootClock::now();
    if (!shared_.options.quarantine) {
      ring_again(connection);
      look_after_leases(connection);
    }
    if (is_time(beat_at_, shared_.options.times.beat, now))
      db::beat_runners(connection, shared_.runner_ids, shared_.stop.is_set());
    if (shared_.options.quarantine) return;
    if (is_time(housekeeping_at_, shared_.options.times.housekeeping, now))
      db::recount_owner_load(connection);
    if (shared_.kinds.find(job::JobKind::sweep) != nullptr &&
        is_time(sweep_at_, shared_.options.times.sweep_look, now))
      if (const auto sweep = db::queue_sweep(connection, shared_.options.times.sweep_every))
        shared_.doorbell.ring(*sweep);
  }

 private:
  static bool is_time(BootClock::time_point& at, std::chrono::milliseconds every, BootClock::time_point now) {
    if (now < at) return false;
    at = now + every;
    return true;
  }

  void ring_again(db::Connection& connection) {
    if (shared_.bells_lost.exchange(false)) db::owe_all_bells(connection);
    const auto due = db::take_due_bells(connection, kBellsATurn);
    if (due.empty() || shared_.doorbell.health().waiting > kEnoughRings) return;
    for (const Uid& uid : due) shared_.doorbell.ring(uid);
    shared_.counters.count(job::kRungAgain, due.size());
  }

  void look_after_leases(db::Connection& connection) {
    const auto seen = db::running_leases(connection);
    for (const db::SeenLease& lease : watch_.look(seen, BootClock::now()))
      take_over(shared_, connection, lease, "lease");
    for (const db::SeenLease& lease : seen) {
      if (is_own(shared_, lease)) continue;
      const auto runner = db::find_runner(connection, lease.runner_id);
      if (runner && is_dead_here(*runner)) take_over(shared_, connection, lease, "lock");
    }
  }

  /// The holder lived on this host and its lock is free (or the host was started anew since).
  bool is_dead_here(const db::RunnerRow& runner) const {
    if (runner.identity.host != shared_.identity.host) return false;
    if (runner.identity.boot_id != shared_.identity.boot_id) return true;
    return slot_is_abandoned(shared_.config.run_dir, runner.identity.slot).value_or(false);
  }

  Shared& shared_;
  LeaseWatch watch_;
  BootClock::time_point beat_at_{};
  BootClock::time_point housekeeping_at_{};
  BootClock::time_point sweep_at_{};
};

}  // namespace

void warn_if_rings_may_vanish(Shared& shared) {
  const auto health = shared.doorbell.health();
  if (health.answers && health.may_evict)
    log_warning("Redis may evict: set its maxmemory-policy to noeviction", {{"code", "redis.may_evict"}});
}

void run_reconciler(Shared& shared) {
  Reconciler reconciler(shared);
  repeat(shared.watcher_options(), shared.slots_done, shared.options.times.reconcile, "reconciler",
         [&](db::Connection& connection) { reconciler.turn(connection); });
}

void take_over_from_predecessors(Shared& shared, db::Connection& connection) {
  for (const db::SeenLease& lease : db::running_leases(connection)) {
    const auto runner = db::find_runner(connection, lease.runner_id);
    if (!runner || runner->identity.host != shared.identity.host || is_own(shared, lease)) continue;
    const int slot = runner->identity.slot - shared.options.first_slot;
    if (slot >= 0 && slot < shared.options.slots) take_over(shared, connection, lease, "lock");
  }
}

}  // namespace sluice::jobs
