// SPDX-License-Identifier: MIT
// A complete upload as jobs read it. Its pieces become one file, whichever job needs it first. Killed
// anywhere: the pieces are forgotten only when the file is in its place, and files nobody names any more are
// the sweep's.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "core/csv/byte_source.hpp"
#include "core/db/upload_table.hpp"
#include "jobs/job.hpp"

namespace sluice::jobs {

struct AssemblyHooks {
  /// Called at least every MiB with the bytes done.
  std::function<void(std::uint64_t)> report;
  /// Moves the attempt's cursor, in the transaction that forgets the pieces (or in one of its own when there
  /// was nothing to do).
  std::function<void(db::Transaction&)> fence;
};

/// Two jobs may want the file of one upload: the second waits for the first, and finds it assembled. `upload`
/// is read again. Throws what storage::assemble throws, and what ends the attempt.
void assemble_upload(Attempt& attempt, db::Upload& upload, const AssemblyHooks& hooks);

/// The bytes of a complete upload: its file, or its pieces until that is made.
std::unique_ptr<csv::ByteSource> open_source(Attempt& attempt, const db::Upload& upload);

}  // namespace sluice::jobs
