// SPDX-License-Identifier: MIT
// What watch has counted, in a file of Prometheus' text format that GET /metrics hands on. Counts go on when
// watch is started again; with the folder of sockets they begin anew, as counters may.
#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace sluice::ctl {

class Counters {
 public:
  explicit Counters(std::string path);

  void fatal(const std::string& program) { ++fatal_[program]; }
  void memory_restart(const std::string& program) { ++memory_restarts_[program]; }
  void resident(const std::string& process, std::uint64_t bytes) { resident_[process] = bytes; }
  void forget_resident() { resident_.clear(); }

  /// Replaces the file in one step; what cannot be written is logged, for watching matters more.
  void save() const;

 private:
  using Family = std::map<std::string, std::uint64_t>;  // by program or process
  std::string path_;
  Family fatal_, memory_restarts_, resident_;
};

}  // namespace sluice::ctl
