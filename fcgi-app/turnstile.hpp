// SPDX-License-Identifier: MIT
// Turnstile: lets a few requests of a process be worked on at a time. Of many short ones at once each is
// interrupted by the others, and the last of them waits for long. A request that has been inside for
// `longest` counts no more, so that slow ones hold up nobody. Thread-safe.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <limits>
#include <mutex>
#include <set>

namespace sluice::fcgi {

class Turnstile {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

  explicit Turnstile(std::size_t places, std::chrono::milliseconds longest = std::chrono::milliseconds{20})
      : places_(places), longest_(longest) {}

  /// Returns when there is a place, which is at most `longest` from now. Takes none.
  void wait();

  /// One request's place, taken whether there is one or not.
  class Place {
   public:
    explicit Place(Turnstile& turnstile) : turnstile_(turnstile), entered_(turnstile.enter()) {}
    ~Place() { turnstile_.leave(entered_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    /// The next request takes this one's place. False, and nothing is changed, when others are to go first.
    bool pass_on() { return turnstile_.enter_again(entered_); }

   private:
    Turnstile& turnstile_;
    std::multiset<Clock::time_point>::iterator entered_;
  };

 private:
  using Entries = std::multiset<Clock::time_point>;  // the oldest first

  Entries::iterator enter();
  bool enter_again(Entries::iterator& entered);
  void leave(Entries::iterator entered);
  std::size_t young_at(Clock::time_point now) const;

  const std::size_t places_;
  const std::chrono::milliseconds longest_;
  std::mutex mutex_;
  std::condition_variable left_;
  Entries inside_;
};

}  // namespace sluice::fcgi
