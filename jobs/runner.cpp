// SPDX-License-Identifier: MIT
#include "jobs/runner.hpp"

#include <unistd.h>

#include <fstream>

#include "core/base/log.hpp"
#include "jobs/control.hpp"
#include "jobs/dispatcher.hpp"
#include "jobs/janitor.hpp"
#include "jobs/reconciler.hpp"
#include "jobs/renewer.hpp"

namespace sluice::jobs {
namespace {

using namespace std::chrono_literals;

constexpr auto kLockWithin = 10s;
constexpr auto kBetweenConnects = 250ms;

std::string first_line_of(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Who started us, and since when: supervisord's pid and start time (proc(5), field 22 of stat).
std::string generation() {
  const std::string parent = std::to_string(getppid());
  const std::string stat = first_line_of(("/proc/" + parent + "/stat").c_str());
  constexpr int kStartTimeAfterName = 20;
  auto at = stat.rfind(')');
  for (int i = 0; i < kStartTimeAfterName && at != std::string::npos; ++i) at = stat.find(' ', at + 1);
  if (at == std::string::npos) return parent;
  return parent + ":" + stat.substr(at + 1, stat.find(' ', at + 1) - at - 1);
}

db::RunnerIdentity identity_of(const RunnerOptions& options) {
  db::RunnerIdentity identity;
  identity.name = options.name;
  char host[65] = "";
  gethostname(host, sizeof host - 1);
  identity.host = host;
  identity.slot = options.first_slot;
  identity.pid = getpid();
  identity.boot_id = Uid::parse(first_line_of("/proc/sys/kernel/random/boot_id")).value_or(Uid{});
  identity.generation = generation();
  return identity;
}

}  // namespace

Runner::Runner(const Config& config, RunnerOptions options, const Kinds& kinds)
    : shared_(config, std::move(options), kinds) {
  shared_.identity = identity_of(shared_.options);
}

Runner::~Runner() {
  request_stop();
  join();
}

bool Runner::start() {
  for (int i = 0; i < shared_.options.slots; ++i)
    locks_.emplace_back(shared_.config.run_dir, shared_.options.first_slot + i, kLockWithin);
  if (!connect_and_register()) return false;
  for (int i = 0; i < shared_.options.slots; ++i) slots_.emplace_back(shared_, i);
  for (Slot& slot : slots_) slot_threads_.emplace_back([&slot] { slot.run(); });
  warn_if_rings_may_vanish(shared_);
  watchers_.emplace_back([this] { run_control(shared_); });
  watchers_.emplace_back([this] { run_renewer(shared_); });
  watchers_.emplace_back([this] { run_reconciler(shared_); });
  if (!shared_.options.quarantine) watchers_.emplace_back([this] { run_janitor(shared_); });
  watchers_.emplace_back([this] { run_dispatcher(shared_); });
  log_info("runner started", {{"name", shared_.options.name}, {"slots", shared_.options.slots}});
  return true;
}

bool Runner::connect_and_register() {
  bool complained = false;
  for (;;) {
    try {
      db::Connection connection(shared_.watcher_options());
      std::vector<std::uint64_t> ids;
      for (int i = 0; i < shared_.options.slots; ++i) {
        db::RunnerIdentity identity = shared_.identity;
        identity.slot += i;
        ids.push_back(db::register_runner(connection, identity));
      }
      shared_.runner_ids = std::move(ids);
      take_over_from_predecessors(shared_, connection);
      return true;
    } catch (const Error& error) {
      // Absent, or not migrated yet: wait for it, or supervisord would give up after some tries.
      if (!complained)
        log_warning("waiting for MariaDB", {{"code", error.code()}, {"detail", error.detail()}});
      complained = true;
      if (shared_.stop.wait_for(kBetweenConnects)) return false;
    }
  }
}

void Runner::request_stop() {
  shared_.stop.set();
  shared_.wakeups.stop();
}

// At once, for /readyz: the next beat may come when everything is over.
void Runner::show_draining() {
  try {
    db::Connection connection(shared_.watcher_options());
    db::beat_runners(connection, shared_.runner_ids, true);
  } catch (const Error& error) {
    log_debug("draining is not shown", {{"code", error.code()}, {"detail", error.detail()}});
  }
}

void Runner::join() {
  if (!slot_threads_.empty() && shared_.stop.is_set()) show_draining();
  for (std::thread& thread : slot_threads_) thread.join();
  const bool ran = !slot_threads_.empty();
  slot_threads_.clear();
  shared_.slots_done.set();
  for (std::thread& thread : watchers_) thread.join();
  watchers_.clear();
  if (!ran) return;
  try {
    db::Connection connection(shared_.watcher_options());
    shared_.counters.flush(connection);
    db::end_runners(connection, shared_.runner_ids);
  } catch (const Error& error) {
    log_warning("the end of this runner is not noted", {{"code", error.code()}, {"detail", error.detail()}});
  }
  log_info("runner ended", {{"name", shared_.options.name}});
}

}  // namespace sluice::jobs
