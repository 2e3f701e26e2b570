// SPDX-License-Identifier: MIT
// Table `job_events`: what happened to a job and who did it. Append-only; only the sweep deletes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.hpp"
#include "core/db/connection.hpp"

namespace sluice::db {

struct JobEvent {
  std::uint64_t id = 0;
  std::string created_at;  ///< RFC 3339 UTC
  std::string actor;       ///< "local", "runner_01", "sluicectl"
  std::string event;       ///< queued, started, paused, …: docs/http-api.md
  std::uint64_t epoch = 0;
  std::optional<Json> detail;
};

/// Part of the transaction that makes it true. `event` has at most 24 characters.
void insert_job_event(Connection& connection, std::uint64_t job_id, std::string_view actor,
                      std::string_view event, std::uint64_t epoch, const std::optional<Json>& detail = {});

/// Oldest first, those with id > `after`, at most `limit`.
std::vector<JobEvent> list_job_events(Connection& connection, std::uint64_t job_id, std::uint64_t after,
                                      std::uint32_t limit);

/// Seconds from the last event `from` to the last event `to` after it; nothing when there are none.
std::optional<double> seconds_between(Connection& connection, std::uint64_t job_id, std::string_view from,
                                      std::string_view to);

}  // namespace sluice::db
