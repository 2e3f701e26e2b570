// SPDX-License-Identifier: MIT
#include "jobs/settle.hpp"

#include <algorithm>
#include <random>

#include "core/base/log.hpp"
#include "core/db/job_event_table.hpp"
#include "core/job/measures.hpp"

namespace sluice::jobs {
namespace {

using job::Want;
using What = Verdict::What;

using namespace std::chrono_literals;

constexpr std::size_t kMostDetail = 2000;
/// Work that was settled from outside has let go by then, or its process is dead.
constexpr auto kLetsGoWithin = 10s;

std::string advice_of(const Error& error) {
  std::string advice = error.advice();
  if (advice.empty()) {
    switch (error.kind()) {
      case sluice::Kind::internal:
        advice =
            "Something went wrong inside Sluice. Retry; if it happens again, report it with this job's "
            "address.";
        break;
      case sluice::Kind::no_space:
        advice = "The disk is full. The job goes on by itself when there is space again.";
        break;
      case sluice::Kind::unavailable:
        advice = "A server that is needed did not answer. The job is tried again by itself.";
        break;
      default:
        advice = "This cannot be done (" + error.code() + "). Mend the file or the request and retry.";
        break;
    }
  }
  if (advice.size() > kMostDetail) advice.resize(kMostDetail);
  return advice;
}

/// One attempt at the transition that follows from the verdict and the wish; false when its guard did not
/// hold.
bool try_settle(db::Transaction& transaction, const Hold& hold, const Verdict& verdict, Want want,
                Shared& shared) {
  const db::Lease& lease = hold.lease();
  const Times& times = shared.options.times;
  if (want == Want::cancel)
    return db::settle_cancelled(transaction, lease, hold.is_settled_outside() ? kLetsGoWithin : 0s);
  if (verdict.what == What::fail) return db::settle_failed(transaction, lease, verdict.code, verdict.advice);
  if (want == Want::pause) return db::settle_paused(transaction, lease);
  switch (verdict.what) {
    case What::yield:
      return db::settle_yielded(transaction, lease, times.no_room, verdict.code, verdict.advice);
    case What::retry:
      return db::settle_retry(transaction, lease, retry_delay(hold.job().attempt, times), verdict.code,
                              verdict.advice);
    default:
      return db::settle_yielded(transaction, lease, std::chrono::milliseconds{0}, "", "");
  }
}

/// The wish as it is in the database; nothing when the job is not ours any more.
std::optional<Want> read_want(db::Connection& connection, Hold& hold) {
  const auto standing = db::standings(connection, {hold.lease().job_id});
  if (standing.empty() || standing[0].epoch != hold.lease().epoch || standing[0].state != job::State::running)
    return std::nullopt;
  hold.set_want(standing[0].want, standing[0].want_seq);
  return standing[0].want;
}

bool goes_on(const Verdict& verdict, Want want, const Hold& hold, const Shared& shared) {
  if (want != Want::run || shared.stop.is_set()) return false;
  return verdict.what == What::again || verdict.what == What::stopped || hold.is_stale();
}

void log_end(const Hold& hold, const Verdict& verdict, Want want) {
  const bool bad = verdict.what == What::fail || verdict.what == What::retry;
  log(bad ? LogLevel::warning : LogLevel::info, "attempt ended",
      {{"job", hold.job().uid.text()},
       {"kind", job::name_of(hold.job().kind)},
       {"attempt", hold.job().attempt},
       {"req", hold.job().request_id},
       {"verdict", static_cast<int>(verdict.what)},
       {"want", job::name_of(want)},
       {"code", verdict.code}});
}

/// The hold is not ours any more.
void note_lost(const Hold& hold, const std::string& code, Shared& shared) {
  if (hold.is_settled_outside()) return;
  log_warning("fenced", {{"job", hold.job().uid.text()}, {"code", code}});
  shared.counters.count(job::kFenced);
}

/// How long people waited for their wish; outside the path that they wait for.
void measure_obedience(db::Connection& connection, const Hold& hold, Want want, Shared& shared) {
  if (want == Want::run) return;
  const bool cancel = want == Want::cancel;
  try {
    const auto seconds =
        db::seconds_between(connection, hold.lease().job_id, cancel ? "cancel_requested" : "pause_requested",
                            cancel ? "cancelled" : "paused");
    if (seconds) shared.counters.observe(cancel ? job::kCancel : job::kPause, *seconds);
  } catch (const db::DatabaseError& error) {
    log_debug("a wish was not measured", {{"code", error.code()}, {"detail", error.detail()}});
  }
}

}  // namespace

Verdict verdict_of(const Error& error) {
  const std::string& code = error.code();
  if (error.kind() == sluice::Kind::lost) return {What::lost, code, ""};
  if (code == "db.unavailable" || code == "db.conflict" || code == "db.interrupted" || code == "db.too_slow")
    return {What::again, code, advice_of(error)};
  if (error.kind() == sluice::Kind::no_space) return {What::yield, "job.disk_full", advice_of(error)};
  if (error.kind() == sluice::Kind::unavailable) return {What::retry, code, advice_of(error)};
  return {What::fail, code, advice_of(error)};
}

Verdict verdict_of_defect(const std::exception& error) {
  return verdict_of(Error(sluice::Kind::internal, "job.defect", error.what()));
}

std::chrono::milliseconds retry_delay(int attempt, const Times& times) {
  constexpr int kMostDoublings = 20;
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto most =
      std::min(times.retry_most, times.retry_base * (1 << std::clamp(attempt, 0, kMostDoublings)));
  return std::chrono::milliseconds{
      std::uniform_int_distribution<std::int64_t>(most.count() / 2, most.count())(random)};
}

Settled settle(db::Connection& connection, Hold& hold, const Verdict& verdict, Shared& shared) {
  if (verdict.what == What::settled) return Settled::done;
  if (verdict.what == What::lost) {
    note_lost(hold, verdict.code, shared);
    return Settled::done;
  }
  Want want = hold.want();
  for (;;) {
    if (goes_on(verdict, want, hold, shared)) return Settled::not_done;
    db::Transaction transaction(connection);
    if (try_settle(transaction, hold, verdict, want, shared)) {
      transaction.commit();
      log_end(hold, verdict, want);
      const bool due_now = want == Want::run && verdict.what != What::yield && verdict.what != What::retry &&
                           verdict.what != What::fail;
      if (due_now) shared.doorbell.ring(hold.job().uid);
      measure_obedience(connection, hold, want, shared);
      return Settled::done;
    }
    transaction.rollback();
    const auto now = read_want(connection, hold);
    if (!now) {
      note_lost(hold, "attempt.lost", shared);
      return Settled::done;
    }
    want = *now;
  }
}

}  // namespace sluice::jobs
