// SPDX-License-Identifier: MIT
// Sentences for people whose column is text where they expect dates or numbers.
#pragma once
#include <string>
#include <vector>

#include "core/csv/table_scan.hpp"

namespace sluice::csv {

struct TextColumn {
  std::string name;  // as people know it
  const ColumnReport* report;
};

// Why columns that stay text are none of dates or numbers, and what can be done about it: a sentence for each
// of the first five of which there is something to say, and one for the others.
std::vector<std::string> text_reasons(const std::vector<TextColumn>& columns);

}  // namespace sluice::csv
