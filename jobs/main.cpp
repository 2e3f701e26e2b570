// SPDX-License-Identifier: MIT
// sluice-runner: wiring only. SIGTERM, SIGINT: checkpoint and yield, then end; SIGUSR1: the same (drain).
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "jobs/runner.hpp"

namespace {

constexpr int kBadSettings = 78;        // EX_CONFIG
constexpr int kQuarantineSlots = 1000;  // their numbers lie above those of any runner
constexpr int kMostSlots = 100;

sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return set;
}

/// When supervisord dies the runner drains instead of living on unwatched.
void end_with_parent() {
  const pid_t parent = getppid();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) raise(SIGTERM);
}

void wait_for_end(const sigset_t& set) {
  for (;;) {
    int number = 0;
    if (sigwait(&set, &number) != 0) continue;
    if (number != SIGHUP) return;
    sluice::log_info("SIGHUP: settings come from the environment; restart to change them");
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace sluice;
  const sigset_t signals = block_signals();
  end_with_parent();

  CLI::App app{"Works on Sluice's jobs."};
  int slots = 5;
  int instance = 0;
  bool quarantine = false;
  app.add_option("--slots", slots, "jobs at once")->check(CLI::Range(1, kMostSlots));
  app.add_option("--instance", instance, "number of this runner on this host")->check(CLI::Range(0, 999));
  app.add_flag("--quarantine", quarantine, "work on jobs that crashed a runner twice, and no others");
  CLI11_PARSE(app, argc, argv);
  if (quarantine && app.count("--slots") == 0) slots = 2;

  try {
    const std::string quarantine_name(db::kQuarantine);
    const Config config = load_config_for(quarantine ? quarantine_name : "runner");
    jobs::RunnerOptions options;
    // As supervisord calls the process, so that people find it again.
    char name[32];
    std::snprintf(name, sizeof name, "runner_%02d", instance);
    options.name = quarantine ? quarantine_name : name;
    options.slots = slots;
    options.first_slot = (quarantine ? kQuarantineSlots : 0) + instance * slots;
    options.quarantine = quarantine;
    const jobs::Kinds kinds = jobs::all_kinds();
    jobs::Runner runner(config, options, kinds);

    std::thread waiter([&] {
      wait_for_end(signals);
      log_info("told to stop");
      runner.request_stop();
    });
    try {
      runner.start();
    } catch (...) {
      kill(getpid(), SIGTERM);  // the waiter ends as it would have ended
      waiter.join();
      throw;
    }
    waiter.join();
    runner.join();
    return 0;
  } catch (const Error& error) {
    log_error("the runner cannot start", {{"code", error.code()}, {"detail", error.detail()}});
    return error.code() == "config.invalid" ? kBadSettings : 1;
  }
}
