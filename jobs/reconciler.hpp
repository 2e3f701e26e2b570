// SPDX-License-Identifier: MIT
// Reconciler: the thread that makes good what was lost: rings again for whatever is due, takes over what a
// dead runner left, counts the owners' loads anew, and queues the sweep.
#pragma once
#include "jobs/shared.hpp"

namespace sluice::jobs {

void run_reconciler(Shared& shared);

/// A Redis that throws keys away under pressure loses rings and makes jobs start later; said once.
void warn_if_rings_may_vanish(Shared& shared);

/// Takes over what the predecessors of this runner's slots left; their locks are ours, so they are dead.
void take_over_from_predecessors(Shared& shared, db::Connection& connection);

}  // namespace sluice::jobs
