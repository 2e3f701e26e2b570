// SPDX-License-Identifier: MIT
// Which dataset an import goes into.
#pragma once
#include <optional>

#include "core/base/actor.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/import_options.hpp"
#include "core/db/import_table.hpp"

namespace sluice::imports {

struct Target {
  std::optional<db::Dataset> append_to;  ///< nothing: a dataset of its own
  /// "Load again" of a dataset's only import: the new dataset takes the place of this one at its publication,
  /// name and uid included.
  std::optional<db::Dataset> replaces;
};

/// Error invalid `import.no_dataset` when mode=append names none.
Target find_target(db::Connection& connection, const Actor& actor, const db::Import& import,
                   const db::ImportOptions& options);

}  // namespace sluice::imports
