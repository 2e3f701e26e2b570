// SPDX-License-Identifier: MIT
#include "jobs/counters.hpp"

#include <cstdlib>

#include "core/db/counter_table.hpp"

namespace sluice::jobs {
namespace {

std::string_view bucket_of(double seconds) {
  for (const std::string_view bound : job::kBounds)
    if (seconds <= std::strtod(bound.data(), nullptr)) return bound;  // literals: they end with NUL
  return job::kRest;
}

}  // namespace

void Counters::count(const job::Measure& counter, std::uint64_t by) {
  const std::lock_guard lock(mutex_);
  fresh_[{counter.name, ""}] += static_cast<double>(by);
}

void Counters::observe(const job::Measure& histogram, double seconds) {
  const std::lock_guard lock(mutex_);
  fresh_[{histogram.name, bucket_of(seconds)}] += 1;
  fresh_[{histogram.name, job::kSum}] += seconds;
}

void Counters::flush(db::Connection& connection) {
  std::map<Key, double> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(fresh_);
  }
  std::vector<db::Counted> counted;
  for (const auto& [key, value] : taken)
    counted.push_back({std::string(key.first), std::string(key.second), value});
  try {
    db::add_counted(connection, counted);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, value] : taken) fresh_[key] += value;
    throw;
  }
}

}  // namespace sluice::jobs
