// SPDX-License-Identifier: MIT
// LoadTeam: one or two loaders that load an import's parts, each on its own connection, each batch one commit
// of rows, rejects, notes, odd cells and the cursor, the fence last.
#pragma once
#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/csv/byte_source.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/import_table.hpp"
#include "jobs/imports/cursor.hpp"
#include "jobs/imports/loader.hpp"
#include "jobs/job.hpp"

namespace sluice::imports {

class LoadTeam {
 public:
  struct Duty {
    const db::Dataset& dataset;
    const db::Import& import;
    /// Called for each part, by the caller's thread.
    std::function<std::unique_ptr<csv::ByteSource>()> open_source;
    /// Looks at the counts that a batch led to, after its commit, so that its rejects can be looked at; what
    /// it throws fails the load.
    std::function<void(const Cursor& cursor, const Loader& loader)> check;
    std::function<jobs::Progress(const Cursor& next)> progress;
    std::uint64_t batch_records;
  };

  /// `cursor` is what was committed last, and moves with each commit.
  LoadTeam(jobs::Attempt& attempt, Cursor& cursor, Duty duty);

  /// Until every part is done; `more_loaders` besides the caller's own. Throws what ended the load.
  void run(unsigned more_loaders);

 private:
  void work(db::Connection& connection);
  std::optional<std::size_t> take_part();
  void load_part(db::Connection& connection, std::size_t index);
  void commit(db::Transaction& transaction, std::size_t index, const Loader& loader, bool more);
  void try_to_work(db::Connection& connection);
  void throw_if_stopped() const;

  jobs::Attempt& attempt_;
  Duty duty_;
  std::atomic<bool> failed_{false};
  std::mutex mutex_;  // of what follows, and of every commit
  Cursor& cursor_;
  std::size_t next_part_ = 0;
  std::exception_ptr why_;
  std::vector<std::unique_ptr<csv::ByteSource>> sources_;  // of each part, for the loader that takes it
};

}  // namespace sluice::imports
