// SPDX-License-Identifier: MIT
// Lock files RUN_DIR/slot-<n>.lock: each slot's process holds its own as long as it lives, so that a lock
// that can be had proves its holder's death at once, where the lease would take seconds. Same host only.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "core/base/unique_fd.hpp"

namespace sluice::jobs {

class SlotLock {
 public:
  /// Takes the lock, waiting up to `within` for a predecessor (or a finder's short look). Throws Error
  /// conflict `runner.slot_taken`.
  SlotLock(const std::string& run_dir, int slot, std::chrono::milliseconds within);

 private:
  UniqueFd fd_;
};

/// True when no process holds the slot's lock: whoever held it is dead. False when held; nothing when there
/// is no such file.
std::optional<bool> slot_is_abandoned(const std::string& run_dir, int slot);

}  // namespace sluice::jobs
