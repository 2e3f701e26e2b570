// SPDX-License-Identifier: MIT
// An export and its job, as the handlers look them up.
#pragma once
#include "core/base/actor.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/export_table.hpp"
#include "core/db/job_table.hpp"

namespace sluice::fcgi {

struct FoundExport {
  db::JobRow job;
  db::Export e;
};

/// The actor's export. Error not_found `export.not_found`: no such job, another owner's, or no export.
FoundExport require_export(db::Connection& connection, const Actor& actor, const Uid& uid);

/// The dataset that an export names, if it was found. Error not_found `export.dataset_not_found`.
db::Dataset existing_dataset(std::optional<db::Dataset> found);

}  // namespace sluice::fcgi
