// SPDX-License-Identifier: MIT
#include "core/csv/layout.hpp"

#include "core/csv/record_parser.hpp"
#include "core/csv/writer.hpp"

namespace sluice::csv {

namespace {

// InnoDB, DYNAMIC rows: 8,126 bytes of a row in its page. `import_id`, `row_no` and the row's own head take
// about 40.
constexpr std::size_t kPageRow = 7'600;
constexpr std::size_t kMostColumns = 1'000;
// A text that does not fit leaves 20 bytes in the page, one up to 40 bytes stays there whole; two more hold
// its length.
constexpr std::size_t kTextInPage = 42;

std::size_t decimal_bytes(const ColumnType& column) {
  static constexpr std::size_t kRest[] = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};
  const std::size_t whole = column.precision - column.scale;
  return whole / 9 * 4 + kRest[whole % 9] + column.scale / 9 * 4 + kRest[column.scale % 9];
}

std::size_t bytes_in_page(const ColumnType& column) {
  switch (column.type) {
    case Type::boolean:
      return 1;
    case Type::integer:
      return 4;
    case Type::bigint:
    case Type::real:
      return 8;
    case Type::decimal:
      return decimal_bytes(column);
    case Type::date:
      return 3;
    case Type::datetime:
      return 8;
    case Type::time:
      return 6;
    default:
      return kTextInPage;
  }
}

const Dialect& packed_dialect() {
  static const Dialect dialect;
  return dialect;
}

}  // namespace

std::string_view to_string(Layout layout) {
  return layout == Layout::columns ? "columns" : "packed";
}

Layout choose_layout(std::span<const ColumnType> columns) {
  if (columns.size() > kMostColumns) return Layout::packed;
  std::size_t sum = (columns.size() + 7) / 8;  // which of them are NULL
  for (const ColumnType& column : columns) sum += bytes_in_page(column);
  return sum > kPageRow ? Layout::packed : Layout::columns;
}

void pack_record(std::span<const Field> fields, std::string& out) {
  Writer writer{out, {.delimiter = ",", .record_end = ""}};
  for (const Field& field : fields) {
    if (field.is_null()) {
      writer.null();
    } else {
      writer.field(field.text);
    }
  }
  if (fields.size() > 1) writer.end_record();
}

std::vector<Field> unpack_record(std::string_view packed, std::string& storage) {
  RecordParser parser{packed_dialect()};
  parser.parse(packed, true, packed.size() + 1);
  std::vector<Field> fields = std::move(parser.fields());
  storage.clear();
  storage.reserve(packed.size());
  for (const std::uint32_t i : parser.escaped()) {
    const std::size_t start = storage.size();
    parser.unescape(fields[i].text, storage);
    fields[i].text = std::string_view{storage}.substr(start);
  }
  return fields;
}

}  // namespace sluice::csv
