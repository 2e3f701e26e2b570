// SPDX-License-Identifier: MIT
// Table `jobs` as those see it that start work and look at it. What runners do with it is in job_lease_table.hpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/actor.hpp"
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"
#include "core/job/state.hpp"

namespace sluice::db {

struct NewJob {
  job::JobKind kind = job::JobKind::imports;
  Json params = Json::object();
  std::optional<std::uint64_t> bytes_total;
  std::string request_id;  ///< of the request that caused it; may be empty
  int priority = 5;        ///< lower goes first
};

struct JobRef {
  std::uint64_t id = 0;
  Uid uid;
};

/// Queues a job in the transaction of its cause: row, event "queued", the owner's load, bell_at = now + 1 s.
/// Ring the doorbell after the commit.
JobRef insert_job(Transaction& transaction, const Actor& actor, const NewJob& job);

}  // namespace sluice::db
