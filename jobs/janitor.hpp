// SPDX-License-Identifier: MIT
// Janitor: the thread that takes away what cancelled jobs left, outside the path of the cancel itself.
#pragma once
#include "jobs/shared.hpp"

namespace sluice::jobs {

void run_janitor(Shared& shared);

}  // namespace sluice::jobs
