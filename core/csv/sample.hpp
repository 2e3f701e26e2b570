// SPDX-License-Identifier: MIT
// Bounded pieces of a file, and the records a dialect finds in them.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/byte_source.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/record_parser.hpp"

namespace sluice::csv {

struct Samples {
  std::string head;                // UTF-8 (or bytes that are invalid in it), from the first character on
  std::vector<std::string> parts;  // whole lines from the middle and the end
  bool whole = false;              // `head` is the whole file, from `first_line` on
  std::uint32_t first_line = 0;    // where the head begins: behind as many lines as somebody wants skipped
  Encoding encoding = Encoding::utf8;
  std::uint8_t bom_bytes = 0;
};

// First 64 kB (more only when that holds but few lines), 16 kB of the middle and of the end.
Samples take_samples(ByteSource& source, const DialectOverrides& overrides);

// Calls `visit` for each record of `text`, blank lines left out. A line that breaks the dialect is given as
// `broken`, without fields. Work is linear in the text. `visit` says whether to go on.
struct SampleRecord {
  const std::vector<Field>* fields = nullptr;  // raw text
  std::string_view line;                       // the whole record
  std::size_t line_no = 0;                     // 0-based
  bool broken = false;
};
// Returns false when the text ends within a quoted field, so that what follows its beginning was not looked
// at; only where `cut` says that the file goes on behind the text.
bool for_each_record(RecordParser& parser, std::string_view text, bool cut,
                     const std::function<bool(const SampleRecord&)>& visit);

}  // namespace sluice::csv
