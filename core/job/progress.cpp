// SPDX-License-Identifier: MIT
// An average that forgets: what happened kForget ago weighs 1/e. Samples shorter than kLeast are added up
// first, since batches come in bursts.
#include "core/job/progress.hpp"

#include <cmath>

namespace sluice::job {
namespace {

constexpr double kForgetSeconds = 5.0;
constexpr double kLeastSeconds = 0.5;

void blend(std::optional<double>& average, double sample, double weight_of_old) {
  average = average ? *average * weight_of_old + sample * (1 - weight_of_old) : sample;
}

}  // namespace

RateMeter::Rates RateMeter::update(std::string_view phase, std::uint64_t records, std::uint64_t bytes,
                                   BootClock::time_point now) {
  if (!started_ || phase != phase_ || records < records_ || bytes < bytes_) {
    phase_ = phase;
    records_ = records;
    bytes_ = bytes;
    at_ = now;
    started_ = true;
    rates_ = {};
    return rates_;
  }
  const double elapsed = std::chrono::duration<double>(now - at_).count();
  if (elapsed < kLeastSeconds) return rates_;
  const double weight_of_old = std::exp(-elapsed / kForgetSeconds);
  blend(rates_.records_per_second, static_cast<double>(records - records_) / elapsed, weight_of_old);
  blend(rates_.bytes_per_second, static_cast<double>(bytes - bytes_) / elapsed, weight_of_old);
  records_ = records;
  bytes_ = bytes;
  at_ = now;
  return rates_;
}

}  // namespace sluice::job
