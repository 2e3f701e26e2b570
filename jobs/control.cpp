// SPDX-License-Identifier: MIT
// A wish first only sets an atomic that the work looks at each 20 ms. Work that has not stopped after
// kPatience is in a statement: that one is killed, again and again, since a KILL that falls between two
// statements is lost. Work in one long transaction (Hold::is_interruptible) is not waited for: the job is
// settled from here and its connection killed.
#include "jobs/control.hpp"

#include <optional>

#include "core/base/log.hpp"
#include "core/queue/signals.hpp"
#include "jobs/settle.hpp"

namespace sluice::jobs {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30ms;
constexpr auto kBetweenKills = 40ms;
constexpr auto kTickBusy = 10ms;   ///< somebody is being stopped
constexpr auto kTickHeld = 100ms;  ///< there are holds
constexpr auto kTickIdle = 1000ms;

class Controller {
 public:
  explicit Controller(Shared& shared) : shared_(shared), listener_(shared.config) {}

  void run() {
    const db::ThreadScope thread;
    while (!shared_.slots_done.is_set()) {
      listen(look_after_holds());
    }
  }

 private:
  void listen(std::chrono::milliseconds within) {
    if (shared_.stop.is_set()) {  // no more wishes: the end is one
      shared_.slots_done.wait_for(kTickBusy);
      return;
    }
    const auto signal = listener_.next(within, shared_.stop.fd());
    if (!signal) return;
    if (const auto hold = shared_.board.find(signal->job)) hold->set_want(signal->want, signal->want_seq);
  }

  /// Returns how soon to look again.
  std::chrono::milliseconds look_after_holds() {
    const auto holds = shared_.board.all();
    bool stopping = false;
    for (const auto& hold : holds) {
      hold->check_freshness();
      if (!hold->stop_requested() || hold->is_settling()) {
        hold->stop_seen_at.reset();
        continue;
      }
      stopping = true;
      press(*hold);
    }
    return stopping ? kTickBusy : holds.empty() ? kTickIdle : kTickHeld;
  }

  void press(Hold& hold) {
    const auto now = BootClock::now();
    try {
      if (hold.is_interruptible() && !hold.settled_outside) {
        settle_outside(hold);
      } else if (!hold.stop_seen_at) {
        hold.stop_seen_at = now + kPatience;
      } else if (now >= *hold.stop_seen_at) {
        db::kill_statement(connection(), hold.connection_id());
        hold.stop_seen_at = now + kBetweenKills;
      }
    } catch (const Error& error) {
      log_warning("a slot could not be made to stop",
                  {{"job", hold.job().uid.text()}, {"code", error.code()}, {"detail", error.detail()}});
      hold.stop_seen_at = now + kBetweenKills;
    }
  }

  void settle_outside(Hold& hold) {
    Verdict verdict;
    verdict.what = Verdict::What::stopped;
    if (hold.is_stale() && hold.want() == job::Want::run && !shared_.stop.is_set()) return;
    if (settle(connection(), hold, verdict, shared_) != Settled::done) return;
    hold.settled_outside = true;
    db::kill_connection(connection(), hold.connection_id());
  }

  db::Connection& connection() {
    if (!connection_) connection_.emplace(shared_.watcher_options());
    connection_->ensure();
    return *connection_;
  }

  Shared& shared_;
  queue::SignalListener listener_;
  std::optional<db::Connection> connection_;
};

}  // namespace

void run_control(Shared& shared) {
  Controller(shared).run();
}

}  // namespace sluice::jobs
