// SPDX-License-Identifier: MIT
#include "core/csv/record_parser.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::csv {

RecordParser::RecordParser(const Dialect& dialect)
    : delimiter_{dialect.delimiter},
      quote_{dialect.quote},
      escape_{dialect.escape},
      lone_cr_{dialect.record_end == RecordEnd::cr || dialect.record_end == RecordEnd::mixed} {}

// Length of the record end at `at`, 0 when there is none. A CR that is the last character known so far is
// one, if it may stand alone; the caller asks for more text before it believes that.
inline std::size_t RecordParser::line_end_length(std::string_view text, std::size_t at) const {
  if (text[at] == '\n') return 1;
  if (text[at] != '\r') return 0;
  if (at + 1 < text.size() && text[at + 1] == '\n') return 2;
  return lone_cr_ ? 1 : 0;
}

inline bool RecordParser::delimiter_at(std::string_view text, std::size_t at) const {
  if (delimiter_.size() == 1) return text[at] == delimiter_[0];
  return !delimiter_.empty() && text.compare(at, delimiter_.size(), delimiter_) == 0;
}

inline void RecordParser::keep(std::string_view text, bool quoted, bool escaped, Result& result) {
  if (fields_.size() == kMaxFields) {
    ++result.unkept;
    result.unkept_filled |= !text.empty();
    return;
  }
  if (escaped) escaped_.push_back(static_cast<std::uint32_t>(fields_.size()));
  // Member by member: a Field made elsewhere would be loaded before its stores have arrived.
  Field& field = fields_.emplace_back();
  field.text = text;
  field.quoted = quoted;
}

// `at` stands behind the opening quote; moves it behind the closing one. End::record: the field is read.
RecordParser::End RecordParser::parse_quoted(const Text& text, std::size_t& at, Result& result) {
  const char* const data = text.all.data();
  const std::size_t size = text.all.size();
  const std::size_t limit = std::min(size, text.quoted_limit);
  const std::size_t start = at;
  bool escapes = false;
  while (true) {
    if (escape_ == 0) {
      const void* const found = at < limit ? std::memchr(data + at, quote_, limit - at) : nullptr;
      at = found == nullptr ? limit : static_cast<std::size_t>(static_cast<const char*>(found) - data);
    } else {
      while (at < limit && data[at] != quote_ && data[at] != escape_) ++at;
    }
    if (at >= limit) return text.last || limit < size ? End::unclosed : End::more;
    if (at >= text.safe && !text.last) return End::more;
    if (data[at] != quote_) {  // the escape
      const bool resolves = at + 1 < size && (data[at + 1] == quote_ || data[at + 1] == escape_);
      escapes |= resolves;
      at += resolves ? 2 : 1;
    } else if (at + 1 < size && data[at + 1] == quote_) {
      escapes = true;
      at += 2;
    } else {
      break;
    }
  }
  if (!result.spans_lines) {
    result.spans_lines = std::memchr(data + start, '\n', at - start) != nullptr ||
                         (lone_cr_ && std::memchr(data + start, '\r', at - start) != nullptr);
  }
  keep({data + start, at - start}, true, escapes, result);
  ++at;
  return End::record;
}

inline RecordParser::End RecordParser::parse_bare(const Text& text, StopScan& stops, std::size_t& at,
                                                  Result& result) {
  const std::size_t start = at;
  while (true) {
    at = stops.next(at);
    if (at >= text.safe && !text.last) return End::more;
    if (at == text.all.size()) break;
    const char c = text.all[at];
    if (quote_ != 0 && c == quote_) {
      bare_quote_ |= fields_.size() < kMaxFields;
    } else if (delimiter_at(text.all, at) || line_end_length(text.all, at) != 0) {
      break;
    }
    ++at;
  }
  keep({text.all.data() + start, at - start}, false, false, result);
  return End::record;
}

RecordParser::Result RecordParser::parse(std::string_view all, bool last, std::size_t quoted_limit) {
  fields_.clear();
  escaped_.clear();
  bare_quote_ = false;
  Result result;
  StopScan stops{all, delimiter_.empty() ? '\n' : delimiter_[0], quote_ == 0 ? '\n' : quote_};
  const std::size_t size = all.size();
  // A delimiter or CRLF may go on after the end of what is known.
  const Text text{all, last, last ? size : size - std::min<std::size_t>(size, 4), quoted_limit};
  const auto stopped = [&](End end, std::size_t at, std::size_t column) {
    result.end = end;
    result.text_length = at;
    result.column = static_cast<std::uint32_t>(column);
    return result;
  };
  const auto finished = [&](std::size_t at, std::size_t end_length) {
    result.end = End::record;
    result.text_length = at;
    result.length = at + end_length;
    return result;
  };
  std::size_t at = 0;
  while (true) {
    if (at >= text.safe && !last) return stopped(End::more, at, 0);
    if (at < size && quote_ != 0 && all[at] == quote_) {
      const End end = parse_quoted(text, ++at, result);
      if (end != End::record) return stopped(end, at, fields_.size() + 1);
      if (at == size) return finished(at, 0);
      if (!delimiter_at(all, at)) {
        const std::size_t line_end = line_end_length(all, at);
        return line_end != 0 ? finished(at, line_end) : stopped(End::stray, at, fields_.size());
      }
    } else {
      const End end = parse_bare(text, stops, at, result);
      if (end != End::record) return stopped(end, at, fields_.size() + 1);
      if (at == size) return finished(at, 0);
      if (!delimiter_at(all, at)) return finished(at, line_end_length(all, at));
    }
    at += delimiter_.size();
    if (at == size && last) {  // the record ends with a delimiter: one more, empty field
      keep({}, false, false, result);
      return finished(at, 0);
    }
  }
}

RecordParser::Result RecordParser::parse_line(std::string_view text, bool last) const {
  Result result;
  std::size_t at = 0;
  while (at < text.size()) {
    if (lone_cr_) {
      while (at < text.size() && text[at] != '\n' && text[at] != '\r') ++at;
    } else {
      const void* found = std::memchr(text.data() + at, '\n', text.size() - at);
      at = found == nullptr ? text.size()
                            : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    }
    if (at == text.size()) break;
    if (text[at] == '\r' && at + 1 == text.size() && !last) break;
    const std::size_t end = line_end_length(text, at);
    result.text_length = at;
    if (text[at] == '\n' && at > 0 && text[at - 1] == '\r') --result.text_length;
    result.length = at + end;
    result.end = End::record;
    return result;
  }
  result.text_length = result.length = text.size();
  result.end = last ? End::record : End::more;
  return result;
}

void RecordParser::unescape(std::string_view raw, std::string& out) const {
  std::size_t at = 0;
  while (at < raw.size()) {
    std::size_t stop = at;
    while (stop < raw.size() && raw[stop] != quote_ && !(escape_ != 0 && raw[stop] == escape_)) ++stop;
    out.append(raw.substr(at, stop - at));
    if (stop == raw.size()) return;
    const bool pair =
        stop + 1 < raw.size() &&
        (raw[stop + 1] == quote_ || (raw[stop] == escape_ && escape_ != 0 && raw[stop + 1] == escape_));
    out.push_back(pair ? raw[stop + 1] : raw[stop]);
    at = stop + (pair ? 2 : 1);
  }
}

}  // namespace sluice::csv
