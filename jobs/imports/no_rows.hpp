// SPDX-License-Identifier: MIT
// A file that has records and gives no row takes the place of no dataset, and is not added to one.
#pragma once
#include <cstdint>

#include "core/db/connection.hpp"

namespace sluice::imports {

/// Throws Error invalid `import.too_many_rejects` where `loaded` is 0 and `rejected` is not. The rejects are
/// in their table already: the first one is named.
void require_rows(db::Connection& connection, std::uint64_t import_id, std::uint64_t loaded,
                  std::uint64_t rejected);

}  // namespace sluice::imports
