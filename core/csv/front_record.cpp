// SPDX-License-Identifier: MIT
#include "core/csv/front_record.hpp"

#include <algorithm>

namespace sluice::csv {

namespace {

// Bytes of the window up to which a record is looked at as a whole.
constexpr std::size_t kWindowLimit = kMaxRecordBytes + 4;
// A quoted field may always end in these.
constexpr std::size_t kFreeBytes = 64 << 10;

}  // namespace

bool FrontRecord::begin() {
  while (window_.size() == 0 && !window_.at_end()) window_.grow();
  length_ = text_length_ = 0;
  lines_ = 1;
  column_ = 0;
  oversize_ = false;
  return window_.size() > 0;
}

std::uint64_t FrontRecord::end() {
  if (oversize_) return long_length_;  // the window stands behind it already
  const std::uint64_t bytes = window_.source_length(length_);
  window_.consume(length_);
  return bytes;
}

bool FrontRecord::read_strictly(std::uint64_t credit) {
  const auto quoted_limit =
      static_cast<std::size_t>(std::min<std::uint64_t>(kWindowLimit * 2, kFreeBytes + credit));
  const auto failed = [&](RejectCode trouble, std::uint32_t column) {
    trouble_ = trouble;
    column_ = column;
    return false;
  };
  while (true) {
    const RecordParser::Result result = parser_.parse(ahead(), window_.at_end(), quoted_limit);
    looked_at_ = result.text_length;
    unkept_filled_ = result.unkept_filled;
    switch (result.end) {
      case RecordParser::End::record:
        if (result.text_length > kMaxRecordBytes) return failed(RejectCode::too_long, 0);
        length_ = result.length;
        text_length_ = result.text_length;
        lines_ = 1 + (result.spans_lines ? line_ends(text()) : 0);
        return true;
      case RecordParser::End::stray:
        return failed(RejectCode::stray_quote, result.column);
      case RecordParser::End::unclosed:
        return failed(RejectCode::unclosed_quote, result.column);
      case RecordParser::End::more:
        if (window_.size() > kWindowLimit) return failed(RejectCode::too_long, result.column);
        window_.grow();
    }
  }
}

bool FrontRecord::find_line() {
  length_ = 0;
  lines_ = 1;
  while (true) {
    const RecordParser::Result line = parser_.parse_line(ahead(), window_.at_end());
    if (line.end == RecordParser::End::record) {
      length_ = line.length;
      text_length_ = line.text_length;
      return text_length_ <= kMaxRecordBytes;
    }
    if (window_.size() > kWindowLimit) return false;
    window_.grow();
  }
}

bool FrontRecord::take_long_record(std::uint64_t credit, std::uint64_t& spent) {
  const QuoteScan scan = scan_record(source_, dialect_, window_.offset(), credit);
  const bool whole = scan.closed && (scan.lines == 1 || scan.fields == dialect_.width);
  spent = whole ? 0 : scan.length;
  if (whole) leave(scan, scan.lines);
  return whole;
}

void FrontRecord::take_long_line() {
  leave(scan_line(source_, dialect_, window_.offset()), 1);
}

void FrontRecord::leave(const QuoteScan& scan, std::uint64_t lines) {
  long_start_ = std::string{ahead().substr(0, kRawBytesKept)};
  oversize_ = true;
  long_length_ = scan.length;
  lines_ = lines;
  window_ = TextWindow{source_, dialect_.encoding, window_.offset() + scan.length};
}

std::uint64_t FrontRecord::line_ends(std::string_view within) const {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < within.size(); ++i) {
    if (within[i] == '\n') {
      ++count;
    } else if (parser_.lone_cr() && within[i] == '\r' && !(i + 1 < within.size() && within[i + 1] == '\n')) {
      ++count;
    }
  }
  return count;
}

}  // namespace sluice::csv
