// SPDX-License-Identifier: MIT
// Phase "verify": records in the file = loaded + rejected + skipped. The left side is what detection counted,
// loaded and rejected are counted in their tables: a sum of its own parts would prove nothing.
#include "core/base/error.hpp"
#include "core/db/reject_table.hpp"
#include "jobs/imports/no_rows.hpp"
#include "jobs/imports/row_count.hpp"
#include "jobs/imports/work.hpp"

namespace sluice::imports {

jobs::StepResult ImportWork::verify(jobs::Attempt& attempt) {
  db::Connection& connection = attempt.connection();
  const Counts sent = cursor_.counts();
  const std::uint64_t loaded =
      RowCount(attempt, import_, cursor_.last_row(), pace_.rows_per_count).run(may_share(attempt));
  const std::uint64_t rejected = db::count_rejects(connection, import_.id);
  if (loaded + rejected + sent.skipped != import_.records || loaded != sent.loaded ||
      rejected != sent.rejected)
    throw Error(
        Kind::internal, "import.count_mismatch",
        std::to_string(import_.records) + " records, but " + std::to_string(loaded) + " rows (" +
            std::to_string(sent.loaded) + " sent), " + std::to_string(rejected) + " rejects (" +
            std::to_string(sent.rejected) + " sent), " + std::to_string(sent.skipped) + " skipped",
        "The records of the file do not add up after loading, so nothing was published. Please report this.");
  if (must_give_rows()) require_rows(connection, import_.id, loaded, rejected);

  cursor_.phase = Phase::publish;
  db::Transaction transaction(connection);
  db::record_counts(transaction, import_.id, loaded, rejected, sent.skipped, sent.repaired);
  attempt.move_cursor(transaction, to_json(cursor_), progress());
  transaction.commit();
  return jobs::StepResult::more;
}

}  // namespace sluice::imports
