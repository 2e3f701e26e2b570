// SPDX-License-Identifier: MIT
// Takes one record apart as RFC 4180 writes it, without forgiving anything. What it refuses is for
// record_repair.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/csv/dialect.hpp"
#include "core/csv/record.hpp"
#include "core/csv/stop_scan.hpp"

namespace sluice::csv {

class RecordParser {
 public:
  // More fields than any table has columns are not kept: a line of delimiters alone would fill the memory.
  static constexpr std::size_t kMaxFields = 2 * kMaxColumns;

  explicit RecordParser(const Dialect& dialect);

  enum class End : std::uint8_t {
    record,    // a whole record
    stray,     // a closing quote with something else than a delimiter or a line end after it
    unclosed,  // a quoted field that does not end within the limit
    more,      // the text ends within the record, and more may come
  };
  struct Result {
    End end = End::more;
    std::size_t text_length = 0;  // without the record end; of a reading that failed: how far it looked
    std::size_t length = 0;       // with it
    bool spans_lines = false;
    std::uint32_t column = 0;    // 1-based, where it went wrong
    std::size_t unkept = 0;      // fields beyond kMaxFields, which are counted only
    bool unkept_filled = false;  // one of them holds something
  };

  // `last`: nothing comes after `text`. `quoted_limit`: a quoted field must end before this position of the
  // text.
  Result parse(std::string_view text, bool last, std::size_t quoted_limit);
  // The same for the first physical line alone: finds its end, takes nothing apart. `end` is record or more.
  Result parse_line(std::string_view text, bool last) const;

  // Of the last parse: raw text between the quotes, escapes not yet resolved.
  std::vector<Field>& fields() { return fields_; }
  const std::vector<Field>& fields() const { return fields_; }
  // Indexes of fields that hold escapes.
  const std::vector<std::uint32_t>& escaped() const { return escaped_; }
  // An unquoted field holds a quote: not clean.
  bool has_bare_quote() const { return bare_quote_; }

  // Appends `raw`, the inside of a quoted field, with its escapes resolved.
  void unescape(std::string_view raw, std::string& out) const;

  std::string_view delimiter() const { return delimiter_; }
  char quote() const { return quote_; }
  char escape() const { return escape_; }
  bool lone_cr() const { return lone_cr_; }

 private:
  struct Text {
    std::string_view all;
    bool last;
    std::size_t safe;  // up to here a delimiter or record end is seen whole
    std::size_t quoted_limit;
  };
  std::size_t line_end_length(std::string_view text, std::size_t at) const;
  bool delimiter_at(std::string_view text, std::size_t at) const;
  End parse_quoted(const Text& text, std::size_t& at, Result& result);
  End parse_bare(const Text& text, StopScan& stops, std::size_t& at, Result& result);
  void keep(std::string_view text, bool quoted, bool escaped, Result& result);

  std::string delimiter_;
  char quote_;
  char escape_;
  bool lone_cr_;
  bool bare_quote_ = false;
  std::vector<Field> fields_;
  std::vector<std::uint32_t> escaped_;
};

}  // namespace sluice::csv
