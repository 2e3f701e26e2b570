// SPDX-License-Identifier: MIT
// What runners count and measure over all jobs, by the names that /metrics gives (without `sluice_`). No I/O.
#pragma once
#include <array>
#include <string_view>

namespace sluice::job {

struct Measure {
  std::string_view name;
  std::string_view help;
};

// Counters.
inline constexpr Measure kFenced{"fenced_total", "Holds that found themselves replaced and changed nothing."};
inline constexpr Measure kTakeOvers{"takeovers_total", "Jobs taken over from a dead holder."};
inline constexpr Measure kRungAgain{"bells_rerung_total", "Rings that the reconciler made good."};
inline constexpr Measure kRecords{"records_total", "Records that succeeded jobs read or wrote."};
inline constexpr Measure kBytes{"bytes_total", "Bytes of CSV that succeeded jobs read or wrote."};
inline constexpr std::array kCounters{kFenced, kTakeOvers, kRungAgain, kRecords, kBytes};

// Histograms, in seconds.
inline constexpr Measure kDispatch{"dispatch_seconds", "From being due to the start."};
inline constexpr Measure kCancel{"cancel_seconds", "From the request to the state, of running jobs."};
inline constexpr Measure kPause{"pause_seconds", "From the request to the state, of running jobs."};
inline constexpr Measure kRecover{"recover_seconds", "From a dead holder's last sign to the take-over."};
inline constexpr Measure kRun{"run_seconds",
                              "The last attempt of succeeded jobs, from its start to its end."};
inline constexpr std::array kHistograms{kDispatch, kCancel, kPause, kRecover, kRun};

/// Upper bounds of the buckets, as they are written; one more holds the rest.
inline constexpr std::array<std::string_view, 13> kBounds{
    "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10"};
inline constexpr std::string_view kRest = "+Inf";
inline constexpr std::string_view kSum = "sum";

}  // namespace sluice::job
