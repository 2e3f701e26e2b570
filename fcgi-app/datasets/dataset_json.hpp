// SPDX-License-Identifier: MIT
// Datasets, their columns and imports as JSON.
#pragma once
#include <span>
#include <vector>

#include "core/base/json.hpp"
#include "core/db/dataset_table.hpp"
#include "core/db/import_column_table.hpp"
#include "core/db/import_table.hpp"

namespace sluice::fcgi {

/// {index, name, original_name, type, rule, nullable, date, least, greatest, ambiguous}
Json column_json(const db::DatasetColumn& column, std::size_t index);
Json columns_json(std::span<const db::DatasetColumn> columns);
/// What of imports.dialect_json is for people.
Json shown_dialect(const Json& stored);
Json import_json(const db::Import& import);
Json dataset_json(const db::Dataset& dataset, std::span<const db::Import> imports);
/// The columns with {nulls, distinct} and least and greatest of all types; `stats` may be empty.
Json columns_json(std::span<const db::DatasetColumn> columns, std::span<const db::ColumnStats> stats);

}  // namespace sluice::fcgi
