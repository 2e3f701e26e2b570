// SPDX-License-Identifier: MIT
// What an upload has led to: its newest import, the dataset of it and its job, as lists show them.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/job_table.hpp"

namespace sluice::db {

struct UploadOutcome {
  struct Import {
    Uid uid;
    std::uint64_t records = 0, loaded = 0, rejected = 0, skipped = 0, repaired = 0;
    std::optional<std::string> published_at;  ///< RFC 3339 UTC
    bool hidden = false;                      ///< undone or replaced
  };
  struct Dataset {
    Uid uid;
    std::string name;
  };
  std::optional<Import> import;
  std::optional<Dataset> dataset;  ///< once it can be seen
  std::optional<JobRow> job;
};

UploadOutcome outcome_of_upload(Connection& connection, std::uint64_t upload_id);
/// The same for many, all of one moment; those that have led to something. Not within a transaction.
std::map<std::uint64_t, UploadOutcome> outcomes_of_uploads(Connection& connection,
                                                           const std::vector<std::uint64_t>& upload_ids);

}  // namespace sluice::db
