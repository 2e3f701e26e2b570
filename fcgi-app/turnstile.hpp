// SPDX-License-Identifier: MIT
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace sluice::fcgi {

/// Lets a few requests of a process be worked on at a time: of many short ones at once each is interrupted by
/// the others, and the last of them waits for long. Whoever has waited for `longest` goes on all the same, so
/// that slow requests hold up nobody. Thread-safe.
class Turnstile {
 public:
  explicit Turnstile(std::size_t places, std::chrono::milliseconds longest = std::chrono::milliseconds{20})
      : places_(places), longest_(longest) {}

  /// Returns when there is a place, or after `longest`. Takes none.
  void wait() {
    std::unique_lock lock(mutex_);
    left_.wait_for(lock, longest_, [&] { return inside_ < places_; });
  }
  void enter() {
    const std::lock_guard lock(mutex_);
    ++inside_;
  }
  void leave() {
    {
      const std::lock_guard lock(mutex_);
      --inside_;
    }
    left_.notify_one();
  }
  /// More are inside than there are places.
  bool is_crowded() {
    const std::lock_guard lock(mutex_);
    return inside_ > places_;
  }

 private:
  const std::size_t places_;
  const std::chrono::milliseconds longest_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::size_t inside_ = 0;
};

}  // namespace sluice::fcgi
