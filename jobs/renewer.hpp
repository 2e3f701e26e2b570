// SPDX-License-Identifier: MIT
// Renewer: the thread that renews the leases of the jobs in hand, stores their progress, and reads the wishes
// whose signal was lost.
#pragma once
#include "jobs/shared.hpp"

namespace sluice::jobs {

void run_renewer(Shared& shared);

}  // namespace sluice::jobs
