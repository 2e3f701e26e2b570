// SPDX-License-Identifier: MIT
#include "jobs/lease_watch.hpp"

namespace sluice::jobs {
namespace {

constexpr std::chrono::milliseconds kLate{1000};

}  // namespace

std::vector<db::SeenLease> LeaseWatch::look(const std::vector<db::SeenLease>& seen,
                                            BootClock::time_point now) {
  if (last_ && now - *last_ > look_ + kLate) jobs_.clear();
  last_ = now;
  std::map<std::uint64_t, Seen> still;
  std::vector<db::SeenLease> dead;
  for (const db::SeenLease& lease : seen) {
    const auto before = jobs_.find(lease.job_id);
    const bool same = before != jobs_.end() && before->second.epoch == lease.epoch &&
                      before->second.lease_seq == lease.lease_seq;
    const Seen entry{lease.epoch, lease.lease_seq, same ? before->second.since : now};
    if (now - entry.since >= lease_) dead.push_back(lease);
    still.emplace(lease.job_id, entry);
  }
  jobs_ = std::move(still);
  return dead;
}

}  // namespace sluice::jobs
