// SPDX-License-Identifier: MIT
// Counters: what this process counted and measured, for any thread; the renewer adds it to the database's.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "core/db/connection.hpp"
#include "core/job/measures.hpp"

namespace sluice::jobs {

class Counters {
 public:
  void count(const job::Measure& counter, std::uint64_t by = 1);
  void observe(const job::Measure& histogram, double seconds);
  /// Adds what came since the last call; kept for the next one when that fails. Throws DatabaseError.
  void flush(db::Connection& connection);

 private:
  using Key = std::pair<std::string_view, std::string_view>;  // name and part, both constants
  std::mutex mutex_;
  std::map<Key, double> fresh_;
};

}  // namespace sluice::jobs
