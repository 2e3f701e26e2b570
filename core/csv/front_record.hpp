// SPDX-License-Identifier: MIT
// The record at the front of what is still to be read: where it ends, under the strict reading or as one
// physical line, and how to get behind one that is too long to hold in memory. What it means is the reader's.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/csv/byte_source.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/quote_scan.hpp"
#include "core/csv/record.hpp"
#include "core/csv/record_parser.hpp"
#include "core/csv/text_window.hpp"

namespace sluice::csv {

class FrontRecord {
 public:
  FrontRecord(ByteSource& source, const Dialect& dialect, std::uint64_t offset)
      : source_{source}, dialect_{dialect}, parser_{dialect}, window_{source, dialect.encoding, offset} {}

  // Begins the record at the front. False: nothing is left.
  bool begin();
  // Goes behind it. How many bytes of the source it had.
  std::uint64_t end();
  std::uint64_t offset() const { return window_.offset(); }

  // What is known of the text from its first byte on, and how to know more.
  std::string_view ahead() const { return {window_.begin(), window_.size()}; }
  void look_further() { window_.grow(); }

  // The strict reading; its fields stand in the parser. A quoted field may end beyond the first 64 kB only
  // within `credit` bytes. False when there is none: trouble() says why, column() where.
  bool read_strictly(std::uint64_t credit);
  // The first physical line; false when it is longer than a record may be.
  bool find_line();

  RecordParser& parser() { return parser_; }
  const RecordParser& parser() const { return parser_; }
  RejectCode trouble() const { return trouble_; }
  std::uint32_t column() const { return column_; }
  std::uint64_t lines() const { return lines_; }         // physical lines of what was read or found
  std::size_t looked_at() const { return looked_at_; }   // bytes, by the strict reading
  bool unkept_filled() const { return unkept_filled_; }  // fields beyond those kept hold something
  // Its text without its end, or of one that was too long its start.
  std::string_view text() const {
    return oversize_ ? std::string_view{long_start_} : ahead().substr(0, text_length_);
  }
  // The same after end(), until begin() is called again.
  std::string_view text_left() const {
    return oversize_ ? std::string_view{long_start_}
                     : std::string_view{window_.begin() - length_, text_length_};
  }
  std::size_t length() const { return length_; }  // in the window, its end included; 0: no end was found
  // Where byte `at` of text() stands in the source.
  std::uint64_t source_offset(std::size_t at) const { return window_.offset() + window_.source_length(at); }

  // Takes all of a record that is too long to keep, quoted fields over several lines included. False when its
  // quotes do not close: then only its first line is at fault, and `spent` bytes were looked at in vain.
  bool take_long_record(std::uint64_t credit, std::uint64_t& spent);
  // Takes a physical line of any length.
  void take_long_line();

 private:
  std::uint64_t line_ends(std::string_view within) const;
  void leave(const QuoteScan& scan, std::uint64_t lines);

  ByteSource& source_;
  const Dialect& dialect_;
  RecordParser parser_;
  TextWindow window_;
  std::size_t length_ = 0, text_length_ = 0, looked_at_ = 0;
  std::uint64_t lines_ = 1;
  std::uint32_t column_ = 0;
  RejectCode trouble_ = RejectCode::stray_quote;
  bool unkept_filled_ = false;
  bool oversize_ = false;
  std::uint64_t long_length_ = 0;
  std::string long_start_;
};

}  // namespace sluice::csv
