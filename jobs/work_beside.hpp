// SPDX-License-Identifier: MIT
// A second thread and connection for an attempt.
#pragma once
#include <functional>
#include <thread>

#include "core/db/connection.hpp"
#include "jobs/job.hpp"

namespace sluice::jobs {

/// Starts a thread that calls `work` with a connection of its own, registered with the attempt meanwhile.
/// Where MariaDB gives none, that is logged and `work` is not called: the caller then works alone. `work`
/// must not throw; the thread must end before the attempt does.
std::jthread work_beside(Attempt& attempt, std::function<void(db::Connection&)> work);

}  // namespace sluice::jobs
