// SPDX-License-Identifier: MIT
// Phase "publish": the import becomes visible, what it replaces becomes invisible, and the job has succeeded,
// in one transaction.
#include "core/base/error.hpp"
#include "jobs/imports/target.hpp"
#include "jobs/imports/work.hpp"

namespace sluice::imports {

jobs::StepResult ImportWork::publish(jobs::Attempt& attempt) {
  db::Connection& connection = attempt.connection();
  const Target target =
      import_.replaces_import_id ? find_target(connection, owner(attempt), import_, options_) : Target{};
  db::Transaction transaction(connection);
  if (!db::lock_dataset(transaction, *import_.dataset_id))
    throw Error(Kind::gone, "import.dataset_gone", "dataset " + std::to_string(*import_.dataset_id),
                "The dataset was deleted while the file was being loaded into it.");
  db::publish_import(transaction, import_.id);
  if (import_.replaces_import_id) db::hide_import(transaction, *import_.replaces_import_id);
  if (target.replaces) db::take_place_of(transaction, *import_.dataset_id, target.replaces->id);
  db::refresh_dataset(transaction, *import_.dataset_id);
  const Counts counts = cursor_.counts();
  const auto dataset = db::load_dataset(connection, *import_.dataset_id);
  attempt.succeed(transaction, Json::object({{"dataset", dataset->uid.text()},
                                             {"dataset_name", dataset->name},
                                             {"import", import_.uid.text()},
                                             {"records", import_.records},
                                             {"loaded", counts.loaded},
                                             {"rejected", counts.rejected},
                                             {"skipped", counts.skipped},
                                             {"repaired", counts.repaired}}));
  transaction.commit();
  return jobs::StepResult::settled;
}

}  // namespace sluice::imports
