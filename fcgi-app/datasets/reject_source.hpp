// SPDX-License-Identifier: MIT
// Whose rejects are asked for: those of a dataset, or those of an upload's newest import, which may have
// failed.
#pragma once
#include <string>
#include <vector>

#include "core/base/actor.hpp"
#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/import_table.hpp"

namespace sluice::fcgi {

struct RejectSource {
  std::string name;  ///< of the dataset or the file
  std::vector<db::DatasetColumn> columns;
  bool has_header = true;
  std::vector<db::Import> imports;  ///< all of which have their findings
};

/// Error not_found `dataset.not_found`.
RejectSource rejects_of_dataset(db::Connection& connection, const Actor& actor, const Uid& uid);
/// Error not_found `upload.not_found`, gone `upload.gone`, not_found `import.not_found` when nobody has
/// looked at the file yet.
RejectSource rejects_of_upload(db::Connection& connection, const Actor& actor, const Uid& uid);

}  // namespace sluice::fcgi
