// SPDX-License-Identifier: MIT
// Options of a connection that does a job's work.
#pragma once
#include "core/db/connection.hpp"

namespace sluice::jobs {

db::ConnectionOptions slot_options(const Config& config);

}  // namespace sluice::jobs
