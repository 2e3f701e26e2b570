// SPDX-License-Identifier: MIT
#include "jobs/limits.hpp"

#include <cstdlib>
#include <string>

#include "core/base/config.hpp"
#include "core/base/error.hpp"

namespace sluice::jobs {
namespace {

std::uint64_t read(const char* name, std::uint64_t otherwise, std::uint64_t most) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return otherwise;
  try {
    const std::uint64_t value = parse_bytes(text);
    if (value <= most) return value;
  } catch (const Error&) {  // said below, with the name
  }
  throw Error(sluice::Kind::invalid, "config.invalid",
              std::string(name) + " takes a number up to " + std::to_string(most));
}

int jobs_at_once(const char* name) {
  constexpr std::uint64_t kMost = 1000;
  return static_cast<int>(read(name, 0, kMost));
}

}  // namespace

Limits load_limits() {
  constexpr std::uint64_t kMostBytes = 1ULL << 50;
  Limits limits;
  limits.imports = jobs_at_once("SLUICE_IMPORT_JOBS");
  limits.exports = jobs_at_once("SLUICE_EXPORT_JOBS");
  limits.teams = jobs_at_once("SLUICE_TEAM_JOBS");
  limits.memory_bytes = read("SLUICE_JOB_MEMORY", limits.memory_bytes, kMostBytes);
  return limits;
}

}  // namespace sluice::jobs
