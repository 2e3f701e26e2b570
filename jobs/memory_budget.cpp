// SPDX-License-Identifier: MIT
#include "jobs/memory_budget.hpp"

#include <unistd.h>

#include <fstream>

namespace sluice::jobs {

bool MemoryBudget::reserve(std::uint64_t bytes) {
  std::uint64_t before = reserved_;
  do {
    if (bytes_ != 0 && before != 0 && before + bytes > bytes_) return false;
  } while (!reserved_.compare_exchange_weak(before, before + bytes));
  return true;
}

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (!(file >> size >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace sluice::jobs
