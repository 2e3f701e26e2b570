// SPDX-License-Identifier: MIT
// Phase "load": one or two loaders take the parts of the file.
#include <algorithm>

#include "core/base/error.hpp"
#include "core/db/block_table.hpp"
#include "core/db/dataset_storage.hpp"
#include "jobs/imports/load_team.hpp"
#include "jobs/imports/work.hpp"

namespace sluice::imports {
namespace {

void require_few_rejects(const Cursor& cursor, const Loader& loader, const db::ImportOptions& options,
                         std::uint64_t records) {
  const std::uint64_t limit = options.rejects_allowed(records);
  const std::uint64_t rejected = cursor.counts().rejected;
  if (rejected <= limit) return;
  throw Error(Kind::invalid, "import.too_many_rejects", std::to_string(rejected) + " rejects",
              "More records than the " + std::to_string(limit) + " that you allowed cannot be loaded" +
                  (loader.first_reject() ? " (" + *loader.first_reject() + ")" : std::string()) +
                  ". Nothing was loaded.");
}

}  // namespace

// Every part at once, unless other jobs want the machine or other rows are in the table: two loaders of one
// table hinder a third.
jobs::StepResult ImportWork::load(jobs::Attempt& attempt) {
  db::Connection& connection = attempt.connection();
  const std::string data_database = attempt.config().data_database();
  const auto dataset = db::load_dataset(connection, import_.dataset_id.value_or(0));
  if (!dataset)
    throw Error(Kind::gone, "import.dataset_gone",
                "dataset " + std::to_string(import_.dataset_id.value_or(0)),
                "The dataset was deleted while the file was being loaded into it.");
  const bool own_table = dataset->created_by_job == import_.job_id;
  db::create_rows_table(connection, data_database, *dataset);
  if (!own_table) db::widen_rows_table(connection, data_database, dataset->id);

  if (cursor_.parts.empty()) cursor_.parts = split(attempt);
  LoadTeam team(attempt, cursor_,
                {*dataset, import_, [&] { return open_source(attempt); },
                 [&](const Cursor& cursor, const Loader& loader) {
                   require_few_rejects(cursor, loader, options_, import_.records);
                 },
                 [&](const Cursor& next) { return progress_at(next); }, pace_.batch_records});
  team.run(own_table && may_share(attempt) ? 1 : 0);
  return jobs::StepResult::more;
}

// Two halves where the file is long enough, else one part. What is begun this way is gone on with this way.
std::vector<Part> ImportWork::split(jobs::Attempt& attempt) const {
  std::vector<Part> parts(1);
  if (upload_.offset < pace_.share_bytes) return parts;
  const auto blocks = db::read_blocks(attempt.connection(), import_.id);
  const auto middle = std::find_if(blocks.begin(), blocks.end(), [&](const db::ImportBlock& block) {
    return block.start.offset >= upload_.offset / 2;
  });
  if (middle == blocks.begin() || middle == blocks.end()) return parts;
  parts.push_back({middle->start, middle->start});
  parts[0].until = middle->start.offset;
  return parts;
}

}  // namespace sluice::imports
