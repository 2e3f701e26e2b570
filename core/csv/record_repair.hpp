// SPDX-License-Identifier: MIT
// Least-cost re-parse: reads one physical line that breaks the dialect because of a quote.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/csv/record.hpp"
#include "core/csv/record_parser.hpp"

namespace sluice::csv {

enum class RepairOutcome : std::uint8_t {
  found,
  none,       // no reading has the right number of fields
  ambiguous,  // two readings are equally good
  too_hard,   // looking would take more than linear time
};

// Among the readings of `line` (without its end) with exactly `width` fields the one that takes the fewest
// quotes literally: a field may begin with a literal quote, and inside quotes a quote that no delimiter or
// line end follows is literal. The fields hold raw text, to be resolved with RecordParser::unescape;
// `escaped` lists those that need it.
RepairOutcome repair_line(const RecordParser& parser, std::string_view line, std::size_t width,
                          std::vector<Field>& fields, std::vector<std::uint32_t>& escaped);

}  // namespace sluice::csv
