// SPDX-License-Identifier: MIT
// Phase "assemble": the pieces become one file.
#include "jobs/assembly.hpp"
#include "jobs/imports/work.hpp"

namespace sluice::imports {

using jobs::StepResult;

StepResult ImportWork::assemble(jobs::Attempt& attempt) {
  jobs::assemble_upload(attempt, upload_,
                        {[&](std::uint64_t bytes_done) {
                           jobs::Progress now = progress();
                           now.bytes_done = bytes_done;
                           attempt.report(now);
                         },
                         [&](db::Transaction& transaction) {
                           cursor_.phase = Phase::detect;
                           attempt.move_cursor(transaction, to_json(cursor_), progress());
                         }});
  return StepResult::more;
}

}  // namespace sluice::imports
