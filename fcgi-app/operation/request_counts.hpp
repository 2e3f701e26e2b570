// SPDX-License-Identifier: MIT
// RequestCounts: how many requests were answered and how long they took, over all processes of both pools of
// this host: one file in RUN_DIR that all of them map. It needs no database, so a database that is away is
// counted too; it begins anew with the folder, as counters may.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/job/measures.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi::operation {

class RequestCounts {
 public:
  /// Where the file cannot be had the process counts for itself, and that is logged.
  explicit RequestCounts(const std::string& run_dir);
  ~RequestCounts();
  RequestCounts(const RequestCounts&) = delete;
  RequestCounts& operator=(const RequestCounts&) = delete;

  /// For any thread, without a lock. `path` counts by its first part: no ids among labels.
  void observe(std::string_view path, Method method, int status, double seconds);

  static constexpr std::size_t kBuckets = job::kBounds.size() + 1;  ///< the last holds the rest
  struct Observed {
    std::string_view route, method, code;
    std::array<std::uint64_t, kBuckets> buckets;  ///< each on its own
    double sum = 0;                               ///< seconds
  };
  /// What has been seen at all.
  std::vector<Observed> all() const;

 private:
  struct Cell {
    std::array<std::atomic<std::uint64_t>, kBuckets> buckets;
    std::atomic<std::uint64_t> microseconds;
  };
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free);  // else it could not be shared
  Cell* cells_ = nullptr;
};

}  // namespace sluice::fcgi::operation
