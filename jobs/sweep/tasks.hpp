// SPDX-License-Identifier: MIT
// What a sweep does, one task after another. A task works in short batches and is repeatable at any point.
#pragma once
#include <span>
#include <string_view>

#include "jobs/job.hpp"

namespace sluice::jobs::sweep {

struct Context {
  Attempt& attempt;
  const Kinds& kinds;  ///< those that can clean up after an expired job
  db::Connection& connection() const { return attempt.connection(); }
  const Config& config() const { return attempt.config(); }
};

struct Task {
  std::string_view name;
  /// One batch; true when there may be more.
  bool (*batch)(const Context& context);
};

std::span<const Task> tasks();

// jobs/sweep/files.cpp: what lies on the disk and nobody promises. Only files older than an hour are looked
// at, since a younger one may be about to get its row.
bool remove_stray_bodies(const Context& context);  ///< body files of nginx that no worker took
bool remove_orphan_pieces(const Context& context);
bool remove_orphan_uploads(const Context& context);  ///< assembled files, and parts of dead attempts
bool remove_orphan_exports(const Context& context);

/// And the other way round: open uploads one of whose pieces is missing go back to the offset before it.
bool set_back_without_pieces(const Context& context);

}  // namespace sluice::jobs::sweep
