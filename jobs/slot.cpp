// SPDX-License-Identifier: MIT
#include "jobs/slot.hpp"

#include <algorithm>
#include <set>

#include "core/base/log.hpp"
#include "core/db/job_choice.hpp"
#include "jobs/slot_options.hpp"

namespace sluice::jobs {
namespace {

using namespace std::chrono_literals;
using What = Verdict::What;

constexpr auto kBetweenConnects = 250ms;
/// So often in a row the connection or the transaction may fail without any progress before it counts as an
/// attempt.
constexpr int kMostFailures = 8;
constexpr auto kAfterConflict = 50ms;

/// The kinds that a runner knows and whose jobs need no more memory than this.
std::vector<job::JobKind> kinds_within(const Kinds& kinds, std::uint64_t bytes) {
  std::vector<job::JobKind> within;
  for (const job::JobKind name :
       {job::JobKind::imports, job::JobKind::team, job::JobKind::exports, job::JobKind::sweep})
    if (const Kind* kind = kinds.find(name); kind != nullptr && kind->memory_bytes() <= bytes)
      within.push_back(name);
  return within;
}

/// What the kinds' jobs need, the most first.
std::set<std::uint64_t, std::greater<>> needs_of(const Kinds& kinds) {
  std::set<std::uint64_t, std::greater<>> needs;
  for (const job::JobKind name : kinds_within(kinds, UINT64_MAX))
    needs.insert(kinds.find(name)->memory_bytes());
  return needs;
}

db::ClaimRules rules_of(const Config& config, const RunnerOptions& options) {
  constexpr int kKeptForShort = 2;
  db::ClaimRules rules;
  rules.quarantine = options.quarantine;
  rules.owner_jobs = static_cast<int>(config.owner_jobs);
  rules.kind_limits = {static_cast<int>(config.import_jobs), static_cast<int>(config.team_jobs),
                       static_cast<int>(config.export_jobs), 0};
  const int slots = static_cast<int>(config.max_jobs);
  if (const int kept = std::min(kKeptForShort, slots / 4); kept > 0 && !options.quarantine)
    rules.most_long_jobs = slots - kept;
  return rules;
}

/// Takes the hold off the board whatever happens.
class OnBoard {
 public:
  OnBoard(Board& board, std::shared_ptr<Hold> hold) : board_(board), hold_(std::move(hold)) {
    board_.put(hold_);
  }
  ~OnBoard() { board_.remove(*hold_); }
  OnBoard(const OnBoard&) = delete;
  OnBoard& operator=(const OnBoard&) = delete;

 private:
  Board& board_;
  std::shared_ptr<Hold> hold_;
};

}  // namespace

db::Holder Slot::holder() const {
  return {shared_.runner_ids.at(static_cast<std::size_t>(index_)), connection_->id(), shared_.options.name};
}

void Slot::run() {
  const db::ThreadScope thread;
  while (shared_.wakeups.wait_for_work()) work_off();
}

bool Slot::connect() {
  bool complained = false;
  for (;;) {
    try {
      if (!connection_) connection_.emplace(slot_options(shared_.config));
      connection_->ensure();
      return true;
    } catch (const Error& error) {
      if (!complained)
        log_warning("waiting for MariaDB", {{"code", error.code()}, {"detail", error.detail()}});
      complained = true;
      if (shared_.stop.wait_for(kBetweenConnects)) return false;
    }
  }
}

// A slot that becomes free picks again before it waits for a ring.
void Slot::work_off() {
  while (!shared_.stop.is_set()) {
    auto job = claim();
    if (!job) return;
    // Without rings nobody else wakes the next slot.
    if (shared_.redis_away) shared_.wakeups.wake(1);
    const std::uint64_t bytes = shared_.kinds.find(job->kind)->memory_bytes();
    carry_out(std::move(*job));
    shared_.memory.release(bytes);
  }
}

// The most that fits is reserved first, and what the claimed job does not need is given back.
std::optional<db::LeasedJob> Slot::claim() {
  for (const std::uint64_t bytes : needs_of(shared_.kinds)) {
    if (!shared_.memory.reserve(bytes)) continue;
    auto job = claim_of(kinds_within(shared_.kinds, bytes));
    shared_.memory.release(bytes - (job ? shared_.kinds.find(job->kind)->memory_bytes() : 0));
    return job;
  }
  return std::nullopt;
}

std::optional<db::LeasedJob> Slot::claim_of(const std::vector<job::JobKind>& kinds) {
  db::ClaimRules rules = rules_of(shared_.config, shared_.options);
  rules.kinds = kinds;
  while (connect()) {
    try {
      if (unsure_) {
        auto held = db::hold_again(*connection_, holder());
        unsure_ = false;
        if (held) return held;
      }
      auto job = db::claim_job(*connection_, holder(), rules);
      if (job) shared_.counters.observe(job::kDispatch, job->waited_seconds);
      return job;
    } catch (const db::DatabaseError& error) {
      log_warning("a claim failed", {{"code", error.code()}, {"detail", error.detail()}});
      unsure_ = true;
      if (error.kind() != sluice::Kind::unavailable) return std::nullopt;
      if (shared_.stop.wait_for(kAfterConflict)) return std::nullopt;
    }
  }
  return std::nullopt;
}

void Slot::carry_out(db::LeasedJob job) {
  failures_ = 0;
  std::optional<db::LeasedJob> next = std::move(job);
  while (next) {
    const auto hold = std::make_shared<Hold>(*next, shared_.config, *connection_, shared_.options.name,
                                             shared_.stop.flag());
    const OnBoard on_board(shared_.board, hold);
    Verdict verdict = work_on(*hold);
    hold->set_settling();
    if (verdict.what == What::settled) count_done(*hold);
    if (hold->makes_room() && (verdict.what == What::stopped || verdict.what == What::again))
      verdict = {What::yield, "job.memory", "The memory was needed for other jobs. It goes on by itself."};
    if (hold->has_checkpointed()) failures_ = 0;
    if (verdict.what == What::again && hold->want() == job::Want::run && ++failures_ > kMostFailures)
      verdict.what = What::retry;
    if (verdict.what == What::retry && next->attempt + 1 >= next->max_attempts) verdict.what = What::fail;
    next = settle_or_go_on(hold, std::move(verdict));
    if (hold->is_settled_outside()) let_go(*hold);
  }
}

void Slot::count_done(const Hold& hold) {
  const auto done = hold.done();
  if (!done) return;  // it rests for a review
  shared_.counters.count(job::kRecords, done->records);
  shared_.counters.count(job::kBytes, done->bytes);
  shared_.counters.observe(job::kRun, done->seconds);
}

void Slot::let_go(const Hold& hold) {
  if (hold.want() != job::Want::cancel) return;
  try {
    connection_->ensure();
    db::let_clean_up(*connection_, hold.lease());
  } catch (const db::DatabaseError& error) {  // then the clean-up waits for its time
    log_debug("a clean-up was not released", {{"code", error.code()}, {"detail", error.detail()}});
  }
}

Verdict Slot::work_on(Hold& hold) {
  log_info("attempt started", {{"job", hold.job().uid.text()},
                               {"kind", job::name_of(hold.job().kind)},
                               {"attempt", hold.job().attempt},
                               {"req", hold.job().request_id}});
  try {
    hold.throw_if_stopped();
    const auto work = shared_.kinds.find(hold.job().kind)->open(hold);
    for (;;) {
      hold.throw_if_stopped();
      if (work->step(hold) == StepResult::settled) return {};
    }
  } catch (const Stopped&) {
    return {What::stopped, "", ""};
  } catch (const Error& error) {
    log(error.kind() == sluice::Kind::internal ? LogLevel::error : LogLevel::warning, "a step failed",
        {{"job", hold.job().uid.text()}, {"code", error.code()}, {"detail", error.detail()}});
    return verdict_of(error);
  } catch (const std::exception& error) {
    log_error("a step met a defect", {{"job", hold.job().uid.text()}, {"detail", error.what()}});
    return verdict_of_defect(error);
  }
}

std::optional<db::LeasedJob> Slot::settle_or_go_on(std::shared_ptr<Hold> hold, Verdict verdict) {
  for (;;) {
    try {
      if (!connection_->is_broken()) {
        if (settle(*connection_, *hold, verdict, shared_) == Settled::done) return std::nullopt;
        if (verdict.what == What::again) shared_.stop.wait_for(kAfterConflict);
      }
    } catch (const db::DatabaseError& error) {
      log_warning("a settlement failed",
                  {{"job", hold->job().uid.text()}, {"code", error.code()}, {"detail", error.detail()}});
      if (error.kind() != sluice::Kind::unavailable)
        return std::nullopt;  // a defect; the lease runs out and a finder decides
    }
    auto job = hold_again();
    if (!job) {
      note_if_replaced(*hold);
      return std::nullopt;
    }
    const bool was_settled = verdict.what == What::settled;
    const bool goes_on = verdict.what == What::again || verdict.what == What::stopped || was_settled;
    const auto want = job->want;
    if (goes_on && want == job::Want::run && !shared_.stop.is_set()) return job;
    // Still to be settled, under the new epoch.
    if (was_settled) verdict = {What::stopped, "", ""};
    shared_.board.remove(*hold);
    hold =
        std::make_shared<Hold>(*job, shared_.config, *connection_, shared_.options.name, shared_.stop.flag());
  }
}

// The session is lost, and the job as well: a finder killed the one and took over the other.
void Slot::note_if_replaced(Hold& hold) {
  if (!connection_ || connection_->is_broken()) return;
  try {
    const auto now = db::standings(*connection_, {hold.lease().job_id});
    if (!now.empty() && now[0].epoch != hold.lease().epoch)
      settle(*connection_, hold, {What::lost, "attempt.lost", ""}, shared_);
  } catch (const db::DatabaseError& error) {
    log_debug("a lost hold was not looked after", {{"code", error.code()}, {"detail", error.detail()}});
  }
}

// What the lost session left open would keep its row locks until the server notices. After a restart of the
// server there is none, and the number may be somebody else's.
void Slot::end_old_session(std::uint64_t connection_id) {
  if (connection_id == connection_->id()) return;
  const auto self = db::find_runner(*connection_, holder().runner_id);
  if (self && self->same_server) db::kill_connection(*connection_, connection_id);
}

std::optional<db::LeasedJob> Slot::hold_again() {
  const auto old_connection = connection_->id();
  while (connect()) {
    try {
      end_old_session(old_connection);
      auto job = db::hold_again(*connection_, holder());
      if (job) log_info("holding again", {{"job", job->uid.text()}, {"epoch", job->epoch}});
      return job;
    } catch (const db::DatabaseError& error) {
      log_warning("holding again failed", {{"code", error.code()}, {"detail", error.detail()}});
      if (shared_.stop.wait_for(kBetweenConnects)) return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace sluice::jobs
