// SPDX-License-Identifier: MIT
// Names of columns as people see them. The names in the file are kept beside them, whatever they are.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace sluice::csv {

// Trimmed of blanks, NBSP and BOM; an empty name becomes column_<position>; a name that is there already
// (upper and lower case of ASCII are the same) gets _2, _3 ..., avoiding names that exist. Same length as
// `originals`.
std::vector<std::string> shown_names(const std::vector<std::string>& originals);

// col_0, col_1 ...: the names of a file without a header.
std::vector<std::string> generated_names(std::size_t columns);

}  // namespace sluice::csv
