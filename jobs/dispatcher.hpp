// SPDX-License-Identifier: MIT
// Dispatcher: the thread that hears rings and wakes free slots; no rings are taken while no slot is free.
#pragma once
#include "jobs/shared.hpp"

namespace sluice::jobs {

void run_dispatcher(Shared& shared);

}  // namespace sluice::jobs
