// SPDX-License-Identifier: MIT
// Limits: settings that only runners read, by the names and errors of core/base/config.hpp.
#pragma once
#include <cstdint>

namespace sluice::jobs {

struct Limits {
  int imports = 0;  ///< IMPORT_JOBS at once over all runners, 0 = no limit of their own
  int exports = 0;  ///< EXPORT_JOBS
  int teams = 0;    ///< TEAM_JOBS
  std::uint64_t memory_bytes = 256u << 20;  ///< JOB_MEMORY of this process, 0 = no limit
};

/// Throws Error invalid `config.invalid`.
Limits load_limits();

}  // namespace sluice::jobs
