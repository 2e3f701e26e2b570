// SPDX-License-Identifier: MIT
// Takes away what nobody sees any more: of an import that was given up, undone or replaced, and of deleted
// datasets. In small batches, each its own commit; repeatable at any point.
#pragma once
#include "core/base/config.hpp"
#include "core/db/connection.hpp"
#include "core/db/import_table.hpp"

namespace sluice::imports {

/// Hides the import, then removes its rows, rejects, notes, blocks and odd cells; a dataset that its job made
/// and that was never published goes as a whole. The row of `imports` stays as history.
void remove_import(db::Connection& connection, const Config& config, const db::Import& import);

/// The table of a deleted dataset, what belongs to its imports, and its row. Not while an export reads it.
void remove_dataset(db::Connection& connection, const Config& config, std::uint64_t dataset_id);

}  // namespace sluice::imports
