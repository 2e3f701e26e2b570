// SPDX-License-Identifier: MIT
// Control: the thread that hears wishes (pub/sub) and makes slots obey them within the budget of 100 ms.
#pragma once
#include "jobs/shared.hpp"

namespace sluice::jobs {

void run_control(Shared& shared);

}  // namespace sluice::jobs
