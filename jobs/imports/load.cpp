// SPDX-License-Identifier: MIT
// Phase "load": rows, rejects, notes, odd cells and the cursor of a batch commit together, the fence last.
#include "core/base/error.hpp"
#include "core/db/dataset_storage.hpp"
#include "jobs/imports/loader.hpp"
#include "jobs/imports/work.hpp"

namespace sluice::imports {
namespace {

void require_few_rejects(const Cursor& cursor, const Loader& loader, const db::ImportOptions& options,
                         std::uint64_t records) {
  const std::uint64_t limit = options.rejects_allowed(records);
  if (cursor.rejected <= limit) return;
  throw Error(Kind::invalid, "import.too_many_rejects", std::to_string(cursor.rejected) + " rejects",
              "More records than the " + std::to_string(limit) + " that you allowed cannot be loaded" +
                  (loader.first_reject() ? " (" + *loader.first_reject() + ")" : std::string()) +
                  ". Nothing was loaded.");
}

}  // namespace

jobs::StepResult ImportWork::load(jobs::Attempt& attempt) {
  db::Connection& connection = attempt.connection();
  const std::string data_database = attempt.config().data_database();
  if (!loader_) {
    const auto dataset = db::load_dataset(connection, import_.dataset_id.value_or(0));
    if (!dataset)
      throw Error(Kind::gone, "import.dataset_gone",
                  "dataset " + std::to_string(import_.dataset_id.value_or(0)),
                  "The dataset was deleted while the file was being loaded into it.");
    db::create_rows_table(connection, data_database, *dataset);
    if (dataset->created_by_job != import_.job_id)
      db::widen_rows_table(connection, data_database, dataset->id);
    loader_ = std::make_unique<Loader>(connection, data_database, *dataset, import_, open_source(attempt),
                                       cursor_.position, cursor_.skipped);
  }
  db::Transaction transaction(connection);
  const bool more = loader_->read_batch([&] { attempt.throw_if_stopped(); });
  loader_->flush();

  Cursor next = cursor_;
  next.position = loader_->position();
  next.loaded += loader_->counts().loaded;
  next.rejected += loader_->counts().rejected;
  next.skipped += loader_->counts().skipped;
  next.repaired += loader_->counts().repaired;
  if (!more) next.phase = Phase::verify;
  cursor_ = next;
  attempt.move_cursor(transaction, to_json(cursor_), progress());
  transaction.commit();
  // After the commit: the rejects can be looked at although nothing of the import is ever shown.
  require_few_rejects(cursor_, *loader_, options_, import_.records);
  if (!more) loader_.reset();
  return jobs::StepResult::more;
}

}  // namespace sluice::imports
