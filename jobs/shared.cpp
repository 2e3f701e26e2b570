// SPDX-License-Identifier: MIT
#include "jobs/shared.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>

#include "core/base/error.hpp"

namespace sluice::jobs {

StopSignal::StopSignal() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!fd_) throw Error(sluice::Kind::internal, "runner.eventfd", "eventfd failed");
}

void StopSignal::set() {
  flag_ = true;
  eventfd_write(fd_.get(), 1);
}

bool StopSignal::wait_for(std::chrono::milliseconds time) const {
  pollfd fd{fd_.get(), POLLIN, 0};
  poll(&fd, 1, static_cast<int>(time.count()));
  return is_set();
}

bool Wakeups::wait_for_work() {
  std::unique_lock lock(mutex_);
  ++free_;
  free_slot_.notify_one();
  work_.wait(lock, [&] { return woken_ > 0 || stopped_; });
  --free_;
  if (stopped_) return false;
  --woken_;
  return true;
}

void Wakeups::wake(std::size_t slots) {
  const std::lock_guard lock(mutex_);
  for (; slots > 0 && woken_ < free_; --slots) {
    ++woken_;
    work_.notify_one();
  }
}

std::size_t Wakeups::wait_for_free_slot() {
  std::unique_lock lock(mutex_);
  free_slot_.wait(lock, [&] { return free_ > woken_ || stopped_; });
  return stopped_ ? 0 : free_ - woken_;
}

void Wakeups::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  work_.notify_all();
  free_slot_.notify_all();
}

db::ConnectionOptions Shared::watcher_options() const {
  auto options = db::options_for(config, config.db_runner);
  options.read_timeout = options.write_timeout = std::chrono::seconds{5};
  return options;
}

}  // namespace sluice::jobs
