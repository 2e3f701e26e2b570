// SPDX-License-Identifier: MIT
// MemoryBudget: what the jobs of this process may hold in memory together. A slot reserves before it claims,
// so that work waits instead of growing; what a process really holds is looked at by the renewer.
#pragma once
#include <atomic>
#include <cstdint>

namespace sluice::jobs {

class MemoryBudget {
 public:
  /// 0: no limit.
  explicit MemoryBudget(std::uint64_t bytes) : bytes_(bytes) {}
  /// False, and nothing reserved, when it does not fit. The first reservation always fits.
  bool reserve(std::uint64_t bytes);
  void release(std::uint64_t bytes) { reserved_ -= bytes; }
  std::uint64_t reserved() const { return reserved_; }

 private:
  const std::uint64_t bytes_;
  std::atomic<std::uint64_t> reserved_{0};
};

/// Bytes of this process that are in memory (proc(5), statm); 0 when that cannot be read.
std::uint64_t resident_bytes();

}  // namespace sluice::jobs
