// SPDX-License-Identifier: MIT
// A rough look at a cell, for guessing dialect and header. Types are decided elsewhere, exactly.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::csv {

enum class CellShape : std::uint8_t { empty, number, date_or_time, boolean, address, code, text };

// `address`: URL or e-mail. `code`: short, no blanks, letters and digits ("MG-8769"). Words that mean "no
// value" (NA, NULL, -) are `empty`.
CellShape cell_shape(std::string_view text);

// Runs of letters become A, runs of digits 9, everything else stays: "MG-8769" is "A-9".
std::string cell_signature(std::string_view text);

std::string_view trimmed(std::string_view text);  // of blanks, tabs, NBSP and BOM
bool is_null_word(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII

}  // namespace sluice::csv
