// SPDX-License-Identifier: MIT
#include "jobs/hold.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>

#include "core/db/runner_table.hpp"

namespace sluice::jobs {
namespace {

using namespace std::chrono_literals;

/// Finders wait 6 s; whoever has not renewed for this long stops writing.
constexpr auto kFreshFor = 4s;

}  // namespace

JobRecord record_of(const db::LeasedJob& job) {
  JobRecord record;
  record.id = job.id;
  record.uid = job.uid;
  record.owner_id = job.owner_id;
  record.kind = job.kind;
  record.params = job.params;
  record.cursor = job.cursor;
  record.phase = job.phase;
  record.epoch = job.epoch;
  record.attempt = job.attempt;
  record.run_no = job.run_no;
  record.request_id = job.request_id;
  return record;
}

Hold::Working::Working(db::Connection& c)
    : connection(&c), id(c.id()), socket(fcntl(db::socket_of(c), F_DUPFD_CLOEXEC, 0)) {}

Hold::Hold(const db::LeasedJob& job, const Config& config, db::Connection& connection, std::string holder,
           const std::atomic<bool>& stopping)
    : job_(record_of(job)),
      lease_{job.id, job.epoch, job.owner_id, std::move(holder)},
      config_(config),
      connection_(connection),
      working_(connection),
      stopping_(stopping),
      want_(job.want),
      touched_at_(BootClock::now().time_since_epoch().count()),
      want_seq_(job.want_seq) {}

bool Hold::stop_requested() const {
  return want_.load(std::memory_order_relaxed) != job::Want::run ||
         stopping_.load(std::memory_order_relaxed) || stale_.load(std::memory_order_relaxed) ||
         settled_outside_.load(std::memory_order_relaxed) || makes_room_.load(std::memory_order_relaxed);
}

db::StoredProgress Hold::with_rates(const Progress& progress) {
  const auto rates =
      rates_.update(progress.phase, progress.records_done, progress.bytes_done, BootClock::now());
  so_far_.records = progress.records_done;
  so_far_.bytes = progress.bytes_done;
  return {progress.phase,       progress.records_done,    progress.records_total, progress.bytes_done,
          progress.bytes_total, rates.records_per_second, rates.bytes_per_second};
}

void Hold::move_cursor(db::Transaction& transaction, const Json& cursor, const Progress& progress) {
  db::StoredProgress stored;
  {
    const std::lock_guard lock(mutex_);
    stored = with_rates(progress);
    reported_.reset();
  }
  if (!db::checkpoint_job(transaction, lease_, cursor.text(), stored))
    throw Error(sluice::Kind::lost, "attempt.lost", "fenced at a checkpoint");
  checkpointed_ = true;
  touch();
}

void Hold::succeed(db::Transaction& transaction, const Json& result) {
  if (!db::settle_succeeded(transaction, lease_, result.text(), take_reported())) raise_unheld(transaction);
  const std::lock_guard lock(mutex_);
  so_far_.seconds = std::chrono::duration<double>(BootClock::now() - begun_).count();
  succeeded_ = true;
}

std::optional<Hold::Done> Hold::done() const {
  const std::lock_guard lock(mutex_);
  return succeeded_ ? std::optional(so_far_) : std::nullopt;
}

void Hold::rest_for_review(db::Transaction& transaction, const Json& cursor, const Progress& progress) {
  move_cursor(transaction, cursor, progress);
  if (!db::settle_review(transaction, lease_)) raise_unheld(transaction);
}

// Still ours, then somebody cancelled: a promise. Else another holder has it.
void Hold::raise_unheld(db::Connection& connection) {
  const auto standing = db::standings(connection, {lease_.job_id});
  const bool ours =
      !standing.empty() && standing[0].epoch == lease_.epoch && standing[0].state == job::State::running;
  if (!ours) throw Error(sluice::Kind::lost, "attempt.lost", "fenced at the end");
  set_want(standing[0].want, standing[0].want_seq);
  throw Stopped{};
}

void Hold::report(const Progress& progress) {
  const std::lock_guard lock(mutex_);
  reported_ = progress;
}

std::optional<db::StoredProgress> Hold::take_reported() {
  const std::lock_guard lock(mutex_);
  if (!reported_) return std::nullopt;
  auto stored = with_rates(*reported_);
  reported_.reset();
  return stored;
}

void Hold::set_want(job::Want want, std::uint32_t want_seq) {
  const std::lock_guard lock(mutex_);
  if (want_seq < want_seq_) return;
  want_seq_ = want_seq;
  want_ = want;
}

void Hold::touch() {
  touched_at_ = BootClock::now().time_since_epoch().count();
}

void Hold::check_freshness() {
  const BootClock::time_point touched{BootClock::duration{touched_at_.load()}};
  if (BootClock::now() - touched > kFreshFor) stale_ = true;
}

void Hold::add_connection(db::Connection& connection) {
  const std::lock_guard lock(mutex_);
  beside_.emplace_back(connection);
}

void Hold::remove_connection(const db::Connection& connection) {
  const std::lock_guard lock(mutex_);
  std::erase_if(beside_, [&](const Working& each) { return each.connection == &connection; });
}

std::vector<std::uint64_t> Hold::connection_ids() const {
  std::vector<std::uint64_t> ids{working_.id};
  const std::lock_guard lock(mutex_);
  for (const Working& each : beside_) ids.push_back(each.id);
  return ids;
}

void Hold::cut_connections() const {
  const auto cut = [](const Working& each) {
    if (each.socket) shutdown(each.socket.get(), SHUT_RDWR);
  };
  cut(working_);
  const std::lock_guard lock(mutex_);
  for (const Working& each : beside_) cut(each);
}

void read_wishes(db::Connection& connection, const std::vector<std::shared_ptr<Hold>>& holds) {
  std::vector<std::uint64_t> ids;
  for (const auto& hold : holds) ids.push_back(hold->lease().job_id);
  for (const db::Standing& standing : db::standings(connection, ids)) {
    for (const auto& hold : holds)
      if (hold->lease().job_id == standing.job_id && hold->lease().epoch == standing.epoch)
        hold->set_want(standing.want, standing.want_seq);
  }
}

void Board::put(std::shared_ptr<Hold> hold) {
  const std::lock_guard lock(mutex_);
  holds_.push_back(std::move(hold));
}

void Board::remove(const Hold& hold) {
  const std::lock_guard lock(mutex_);
  std::erase_if(holds_, [&](const auto& each) { return each.get() == &hold; });
}

std::vector<std::shared_ptr<Hold>> Board::all() const {
  const std::lock_guard lock(mutex_);
  return holds_;
}

std::shared_ptr<Hold> Board::find(const Uid& job) const {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Hold> newest;
  for (const auto& each : holds_)
    if (each->job().uid == job && (!newest || each->lease().epoch > newest->lease().epoch)) newest = each;
  return newest;
}

}  // namespace sluice::jobs
