// SPDX-License-Identifier: MIT
// Any text as a stored rule and as a date: nothing breaks, and what a pattern reads exactly it writes back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/csv/column_type.hpp"
#include "core/csv/date_text.hpp"
#include "core/csv/dialect.hpp"

using namespace sluice::csv;

namespace {

void require(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::size_t cut = text.find('\n');
  const std::string_view rule = text.substr(0, cut);
  const std::string_view cell = cut == std::string_view::npos ? std::string_view{} : text.substr(cut + 1);
  decode_dialect(rule);
  if (const auto type = decode_column_type(rule)) {
    const ParsedCell parsed = parse_cell(*type, {cell, false});
    std::string written;
    if (parsed.status == CellStatus::exact) {
      render_cell(*type, parsed.value, written);
      if (is_date(type->type)) require(written == cell);
    }
  }
  DateParts parts;
  if (!take_apart(cell, parts)) return 0;
  const auto shape = understand(parts.shape());
  if (!shape) return 0;
  for (const NumericOrder order : {NumericOrder::ymd, NumericOrder::dmy, NumericOrder::mdy}) {
    if (!shape->orders[static_cast<std::size_t>(order)]) continue;
    if (const auto value = value_of(parts, *shape, order)) {
      if (shape->has_date) require(from_microseconds(to_microseconds(*value)) == *value);
    }
  }
  return 0;
}
