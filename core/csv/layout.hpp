// SPDX-License-Identifier: MIT
// Whether a table gets one database column per field, or the whole record in one.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/column_type.hpp"

namespace sluice::csv {

enum class Layout : std::uint8_t {
  columns,  // one typed column per field
  packed,   // date columns typed, the record in one LONGTEXT as pack_record() writes it
};
std::string_view to_string(Layout layout);  // "columns" "packed"

// By the worst row: InnoDB takes about 8,126 bytes of a row in its page and 1,017 columns.
Layout choose_layout(std::span<const ColumnType> columns);

// The record as one line of CSV (comma, '"', LF kept inside quotes); bare empty and "" stay apart.
void pack_record(std::span<const Field> fields, std::string& out);
// Undoes pack_record; the fields point into `storage`, which is overwritten.
std::vector<Field> unpack_record(std::string_view packed, std::string& storage);

}  // namespace sluice::csv
