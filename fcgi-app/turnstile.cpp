// SPDX-License-Identifier: MIT
#include "fcgi-app/turnstile.hpp"

#include <iterator>
#include <utility>

namespace sluice::fcgi {

void Turnstile::wait() {
  if (places_ == kUnlimited) return;
  std::unique_lock lock(mutex_);
  for (auto now = Clock::now(); young_at(now) >= places_; now = Clock::now())
    left_.wait_until(lock, *inside_.upper_bound(now - longest_) + longest_);
}

std::size_t Turnstile::young_at(Clock::time_point now) const {
  return static_cast<std::size_t>(std::distance(inside_.upper_bound(now - longest_), inside_.end()));
}

Turnstile::Entries::iterator Turnstile::enter() {
  const std::lock_guard lock(mutex_);
  return inside_.insert(Clock::now());
}

bool Turnstile::enter_again(Entries::iterator& entered) {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (young_at(now) > places_) return false;
  auto node = inside_.extract(entered);
  node.value() = now;
  entered = inside_.insert(std::move(node));
  return true;
}

void Turnstile::leave(Entries::iterator entered) {
  {
    const std::lock_guard lock(mutex_);
    inside_.erase(entered);
  }
  left_.notify_one();
}

}  // namespace sluice::fcgi
