// SPDX-License-Identifier: MIT
// How a file writes its records: everything the reader must know before the first byte.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/byte_source.hpp"

namespace sluice::csv {

enum class Encoding : std::uint8_t { utf8, utf16le, utf16be, windows1252 };
enum class RecordEnd : std::uint8_t { lf, crlf, cr, mixed };
// What is done with a record that has fewer fields than the table has columns.
enum class ShortRecords : std::uint8_t { pad, reject };

std::string_view to_string(Encoding encoding);     // "utf-8", "utf-16le", "utf-16be", "windows-1252"
std::string_view to_string(RecordEnd record_end);  // "lf", "crlf", "cr", "mixed"
std::optional<Encoding> encoding_from(std::string_view name);

struct Dialect {
  static constexpr std::uint64_t kNowhere = ~std::uint64_t{0};

  std::string delimiter = ",";           // 1-4 bytes; empty: every line is one field
  char quote = '"';                      // 0: none
  char escape = 0;                       // '\\', or 0: a quote inside a quoted field is written twice
  char comment = 0;                      // lines that start with it are skipped; 0: none
  RecordEnd record_end = RecordEnd::lf;  // a statement; the reader takes LF, CRLF and CR wherever they come,
                                         // CR alone only if this is `cr` or `mixed`
  Encoding encoding = Encoding::utf8;
  std::uint8_t bom_bytes = 0;        // bytes of a byte order mark at the start, skipped
  std::uint32_t preamble_lines = 0;  // physical lines before the header
  std::uint32_t header_rows = 1;     // 0: the file has no header
  std::uint32_t width = 1;           // fields of a whole record
  ShortRecords short_records = ShortRecords::pad;
  // Found by the pass over the whole file (table_scan), kNowhere until then; byte offsets in the source.
  std::uint64_t footer_offset = kNowhere;        // from here on narrow records are a footer
  std::uint64_t second_table_offset = kNowhere;  // here the header comes again: the table ends

  bool operator==(const Dialect&) const = default;
};

// One line of text that is stored with the import and read back by the runner ("d=2c q=22 ...").
std::string encode(const Dialect& dialect);
// Nothing when the text is not what encode() writes.
std::optional<Dialect> decode_dialect(std::string_view text);

// What a person may fix by hand; whatever is absent is detected.
struct DialectOverrides {
  std::optional<std::string> delimiter;
  std::optional<char> quote;   // 0: none
  std::optional<char> escape;  // 0: doubled quotes
  std::optional<char> comment;
  std::optional<Encoding> encoding;
  std::optional<std::uint32_t> preamble_lines;
  std::optional<std::uint32_t> header_rows;
  std::optional<ShortRecords> short_records;
};

enum class Content : std::uint8_t {
  table,        // records, with or without a header
  header_only,  // a header and nothing below it: a table of 0 rows
  empty,        // no bytes, a byte order mark only, or blanks only
  not_text,     // PNG, zip, xlsx, gzip ...: must not be loaded
};

struct DetectedDialect {
  Content content = Content::table;
  std::string reason;  // for not_text: a sentence for people ("This is a PNG image, not a CSV file.")
  Dialect dialect;
  std::vector<std::string> header;  // original names, UTF-8; empty when header_rows is 0
  double confidence = 0;            // 0-1
  std::optional<Dialect> runner_up;
  std::uint64_t second_table_line =
      0;  // physical line of a second table's header, from 1; 0: none (yet) found
};

// Looks at the first 64 kB and at samples of the middle and the end; time is linear in them, whatever they
// hold. A first line `sep=;` (Excel's) names the delimiter and is preamble, unless preamble_lines are given.
DetectedDialect detect_dialect(ByteSource& source, const DialectOverrides& overrides = {});

}  // namespace sluice::csv
