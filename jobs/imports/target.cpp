// SPDX-License-Identifier: MIT
// Phase "target": the dataset's row is made, or the one to append to is prepared. Its table is made when the
// load opens, for DDL commits by itself.
#include "jobs/imports/target.hpp"

#include "core/base/error.hpp"
#include "core/csv/layout.hpp"
#include "core/db/import_findings.hpp"
#include "jobs/imports/plan.hpp"
#include "jobs/imports/work.hpp"

namespace sluice::imports {
namespace {

constexpr int kNameTries = 5;

std::uint64_t insert_new(db::Transaction& transaction, const Actor& actor, const Target& target,
                         const db::Import& import, const db::ImportOptions& options) {
  db::NewDataset dataset;
  dataset.columns = db::dataset_columns_from(*import.columns);
  std::vector<csv::ColumnType> types;
  for (const auto& column : dataset.columns) types.push_back(column.type);
  dataset.layout = csv::choose_layout(types);
  dataset.has_header = import.has_header.value_or(false);
  dataset.created_by_job = import.job_id;
  if (target.replaces)
    dataset.name = target.replaces->name;
  else
    dataset.name =
        options.dataset ? *options.dataset : db::dataset_name_of_file(import.filename.value_or(""));
  return db::insert_dataset(transaction, actor, dataset);
}

/// Text columns become wide enough for this import.
void widen(db::Transaction& transaction, std::uint64_t dataset_id,
           const std::vector<db::ImportColumn>& found) {
  auto dataset = db::lock_dataset(transaction, dataset_id);
  if (!dataset) throw Error(Kind::gone, "import.dataset_gone", "dataset " + std::to_string(dataset_id));
  bool changed = false;
  for (std::size_t i = 0; i < std::min(found.size(), dataset->columns.size()); ++i) {
    csv::ColumnType& type = dataset->columns[i].type;
    if (!csv::is_text(type.type)) continue;
    const csv::ColumnType wider = widened(type, found[i].max_bytes);
    changed |= wider != type;
    type = wider;
  }
  if (changed) db::set_dataset_columns(transaction, dataset_id, dataset->columns);
}

}  // namespace

Target find_target(db::Connection& connection, const Actor& actor, const db::Import& import,
                   const db::ImportOptions& options) {
  Target target;
  if (options.append) {
    target.append_to = db::find_dataset(connection, actor, *options.dataset);
    if (!target.append_to)
      throw Error(Kind::invalid, "import.no_dataset", *options.dataset,
                  "There is no dataset of this name to append to. Load the file as a new dataset.");
    return target;
  }
  if (!import.replaces_import_id) return target;
  const auto old = db::find_import(connection, *import.replaces_import_id);
  if (!old || !old->dataset_id || old->hidden_at || !old->published_at) return target;
  auto dataset = db::load_dataset(connection, *old->dataset_id);
  if (!dataset) return target;
  const bool only_one = db::published_import_ids(connection, dataset->id).size() == 1;
  (only_one ? target.replaces : target.append_to) = std::move(dataset);
  return target;
}

jobs::StepResult ImportWork::choose_target(jobs::Attempt& attempt) {
  db::Connection& connection = attempt.connection();
  const Actor actor = owner(attempt);
  const Target target = find_target(connection, actor, import_, options_);
  cursor_.phase = Phase::load;
  cursor_.parts.clear();
  for (int tries = 1;; ++tries) {
    try {
      db::Transaction transaction(connection);
      if (target.append_to) {
        import_.dataset_id = target.append_to->id;
        widen(transaction, target.append_to->id, db::import_columns_from(*import_.columns));
      } else {
        import_.dataset_id = insert_new(transaction, actor, target, import_, options_);
      }
      db::set_import_dataset(transaction, import_.id, *import_.dataset_id);
      attempt.move_cursor(transaction, to_json(cursor_), progress());
      transaction.commit();
      return jobs::StepResult::more;
    } catch (const Error& error) {  // somebody took the name in between: take the next one
      if (error.code() != "db.duplicate" || tries == kNameTries) throw;
    }
  }
}

}  // namespace sluice::imports
