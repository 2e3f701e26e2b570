// SPDX-License-Identifier: MIT
// The cursor has an entry for each part, and each commit writes all of them: so commits take turns, and each
// starts from what the one before it left. A commit whose outcome is not known must be the last one, hence
// `failed_` is looked at and set under the same lock.
#include "jobs/imports/load_team.hpp"

#include <thread>
#include <vector>

#include "core/db/keep_alive.hpp"
#include "jobs/work_beside.hpp"

namespace sluice::imports {
namespace {

/// Ends a loader because another one failed, whose reason counts.
struct OtherFailed {};

/// Looks up at every read, for a record of many megabytes is many reads.
class AttentiveSource final : public csv::ByteSource {
 public:
  AttentiveSource(csv::ByteSource& source, std::function<void()> look_up)
      : source_(source), look_up_(std::move(look_up)) {}
  std::uint64_t size() const override { return source_.size(); }
  std::size_t read(std::uint64_t offset, std::span<char> into) override {
    look_up_();
    return source_.read(offset, into);
  }

 private:
  csv::ByteSource& source_;
  std::function<void()> look_up_;
};

}  // namespace

LoadTeam::LoadTeam(jobs::Attempt& attempt, Cursor& cursor, Duty duty)
    : attempt_(attempt), duty_(std::move(duty)), cursor_(cursor) {}

void LoadTeam::run(unsigned more_loaders) {
  for (std::size_t i = 0; i < cursor_.parts.size(); ++i) sources_.push_back(duty_.open_source());
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < more_loaders; ++i)
      threads.push_back(
          jobs::work_beside(attempt_, [this](db::Connection& connection) { try_to_work(connection); }));
    try_to_work(attempt_.connection());
  }  // all threads have ended
  if (why_) std::rethrow_exception(why_);
}

void LoadTeam::try_to_work(db::Connection& connection) {
  try {
    work(connection);
  } catch (const OtherFailed&) {
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    if (!why_) why_ = std::current_exception();
  }
}

void LoadTeam::work(db::Connection& connection) {
  while (const auto index = take_part()) load_part(connection, *index);
}

std::optional<std::size_t> LoadTeam::take_part() {
  const std::lock_guard lock(mutex_);
  while (next_part_ < cursor_.parts.size()) {
    const std::size_t index = next_part_++;
    if (!cursor_.parts[index].done) return index;
  }
  return std::nullopt;
}

void LoadTeam::load_part(db::Connection& connection, std::size_t index) {
  const Part part = [&] {
    const std::lock_guard lock(mutex_);
    return cursor_.parts[index];
  }();
  db::KeepAlive alive(connection);
  AttentiveSource source(*sources_[index], [&] {
    throw_if_stopped();
    alive.tick();
  });
  Loader loader(connection, attempt_.config().data_database(), duty_.dataset, duty_.import, source, part,
                duty_.batch_records);
  for (bool more = true; more;) {
    db::Transaction transaction(connection);
    more = loader.read_batch([&] { throw_if_stopped(); });
    loader.flush();
    commit(transaction, index, loader, more);
  }
}

void LoadTeam::commit(db::Transaction& transaction, std::size_t index, const Loader& loader, bool more) {
  const std::lock_guard lock(mutex_);
  throw_if_stopped();
  Cursor next = cursor_;
  next.parts[index].at = loader.position();
  next.parts[index].counts.add(loader.counts());
  next.parts[index].done = !more;
  if (next.all_done()) next.phase = Phase::verify;
  try {
    attempt_.move_cursor(transaction, to_json(next), duty_.progress(next));
    transaction.commit();
    cursor_ = std::move(next);
    duty_.check(cursor_, loader);
  } catch (...) {
    failed_ = true;
    throw;
  }
}

void LoadTeam::throw_if_stopped() const {
  attempt_.throw_if_stopped();
  if (failed_.load(std::memory_order_relaxed)) throw OtherFailed{};
}

}  // namespace sluice::imports
