// SPDX-License-Identifier: MIT
// A pause or a cancel does not wait for the work: the job is settled from here, so what people see follows
// their wish within a few milliseconds however busy the slots are, and the work, whose fence now fails, rolls
// back and lets go at its next look (each 20 ms). When the process ends or a lease is stale the work settles
// by itself. Work that has not stopped after kPatience is in a statement: that one is killed, again and
// again, since a KILL that falls between two statements is lost. One long transaction
// (Hold::is_interruptible) loses its connection at once. When MariaDB itself does not answer any more, the
// connection is cut. Without Redis there are no signals: then wishes are read from MariaDB twice a second.
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
constexpr auto kCutAfter = 2s;     ///< a stale hold in a statement: with the 4 s before it, 6 s in all
constexpr auto kTickBusy = 10ms;   ///< somebody is being stopped
constexpr auto kTickHeld = 100ms;  ///< there are holds
constexpr auto kTickIdle = 1000ms;

class Controller {
 public:
  explicit Controller(Shared& shared) : shared_(shared), listener_(shared.config) {}

  void run() {
    const db::ThreadScope thread;
    while (!shared_.slots_done.is_set()) {
      if (listener_.is_deaf()) look_for_wishes();
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

  /// While there are no signals.
  void look_for_wishes() {
    const auto now = BootClock::now();
    const auto holds = shared_.board.all();
    if (holds.empty() || now < next_look_ || shared_.stop.is_set()) return;
    next_look_ = now + shared_.options.times.poll;
    try {
      read_wishes(connection(), holds);
    } catch (const Error& error) {
      log_debug("wishes were not read", {{"code", error.code()}, {"detail", error.detail()}});
    }
  }

  /// Returns how soon to look again.
  std::chrono::milliseconds look_after_holds() {
    const auto holds = shared_.board.all();
    bool stopping = false;
    for (const auto& hold : holds) {
      hold->check_freshness();
      if (!hold->stop_requested() || hold->is_settling()) {
        hold->pressure.reset();
        continue;
      }
      stopping = true;
      press(*hold);
    }
    return stopping ? kTickBusy : holds.empty() ? kTickIdle : kTickHeld;
  }

  void press(Hold& hold) {
    const auto now = BootClock::now();
    if (hold.pressure && now < hold.pressure->next) return;
    const bool first = !hold.pressure;
    if (first) hold.pressure = {now, now + kPatience};
    try {
      if (may_settle_outside(hold)) {
        settle_outside(hold);
      } else if (!first) {
        hold.pressure->next = now + kBetweenKills;
        if (!hold.is_stale())
          kill_statements(hold);
        else if (now - hold.pressure->since >= kCutAfter)
          hold.cut_connections();
      }
    } catch (const Error& error) {
      log_warning("a slot could not be made to stop",
                  {{"job", hold.job().uid.text()}, {"code", error.code()}, {"detail", error.detail()}});
      hold.pressure->next = now + kBetweenKills;
    }
  }

  void kill_statements(const Hold& hold) {
    for (const std::uint64_t id : hold.connection_ids()) db::kill_statement(connection(), id);
  }

  bool may_settle_outside(const Hold& hold) const {
    if (hold.is_settled_outside() || hold.is_stale()) return false;
    return hold.want() != job::Want::run || (hold.is_interruptible() && shared_.stop.is_set());
  }

  void settle_outside(Hold& hold) {
    hold.set_settled_outside(true);  // before the commit: from there on the work may find itself fenced
    try {
      if (settle(connection(), hold, {Verdict::What::stopped, "", ""}, shared_) != Settled::done)
        return hold.set_settled_outside(false);
    } catch (...) {
      hold.set_settled_outside(false);
      throw;
    }
    if (hold.is_interruptible()) db::kill_connection(connection(), hold.connection_id());
  }

  db::Connection& connection() {
    if (!connection_) connection_.emplace(shared_.watcher_options());
    connection_->ensure();
    return *connection_;
  }

  Shared& shared_;
  queue::SignalListener listener_;
  std::optional<db::Connection> connection_;
  BootClock::time_point next_look_{};
};

}  // namespace

void run_control(Shared& shared) {
  Controller(shared).run();
}

}  // namespace sluice::jobs
