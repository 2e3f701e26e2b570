// SPDX-License-Identifier: MIT
#include "core/csv/record_parser.hpp"

#include <algorithm>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sluice::csv {

RecordParser::RecordParser(const Dialect& dialect)
    : delimiter_{dialect.delimiter},
      quote_{dialect.quote},
      escape_{dialect.escape},
      lone_cr_{dialect.record_end == RecordEnd::cr || dialect.record_end == RecordEnd::mixed} {
  stops_[static_cast<unsigned char>('\n')] = true;
  stops_[static_cast<unsigned char>('\r')] = true;
  if (!delimiter_.empty()) stops_[static_cast<unsigned char>(delimiter_[0])] = true;
}

// Length of the record end at `at`, 0 when there is none. A CR that is the last character known so far is
// one, if it may stand alone; the caller asks for more text before it believes that.
std::size_t RecordParser::line_end_length(std::string_view text, std::size_t at) const {
  if (text[at] == '\n') return 1;
  if (text[at] != '\r') return 0;
  if (at + 1 < text.size() && text[at + 1] == '\n') return 2;
  return lone_cr_ ? 1 : 0;
}

// Where an unquoted field may end: the first delimiter's first byte, CR or LF from `at` on.
std::size_t RecordParser::find_stop(std::string_view text, std::size_t at) const {
  const char* const data = text.data();
  const std::size_t size = text.size();
#if defined(__SSE2__)
  const __m128i first = _mm_set1_epi8(delimiter_.empty() ? '\n' : delimiter_[0]);
  const __m128i lf = _mm_set1_epi8('\n');
  const __m128i cr = _mm_set1_epi8('\r');
  for (; at + 16 <= size; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + at));
    const __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, first),
                                      _mm_or_si128(_mm_cmpeq_epi8(bytes, lf), _mm_cmpeq_epi8(bytes, cr)));
    const int mask = _mm_movemask_epi8(hits);
    if (mask != 0) return at + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
  }
#endif
  while (at < size && !stops_[static_cast<unsigned char>(data[at])]) ++at;
  return at;
}

bool RecordParser::delimiter_at(std::string_view text, std::size_t at) const {
  if (delimiter_.size() == 1) return text[at] == delimiter_[0];
  return !delimiter_.empty() && text.compare(at, delimiter_.size(), delimiter_) == 0;
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
  keep({{data + start, at - start}, true}, escapes, result);
  ++at;
  return End::record;
}

void RecordParser::keep(const Field& field, bool escaped, Result& result) {
  if (fields_.size() == kMaxFields) {
    ++result.unkept;
    result.unkept_filled |= !field.text.empty();
    return;
  }
  if (escaped) escaped_.push_back(static_cast<std::uint32_t>(fields_.size()));
  fields_.push_back(field);
}

RecordParser::End RecordParser::parse_bare(const Text& text, std::size_t& at, Result& result) {
  const std::size_t start = at;
  while (true) {
    at = find_stop(text.all, at);
    if (at == text.all.size()) {
      if (!text.last) return End::more;
      break;
    }
    if (at >= text.safe && !text.last) return End::more;
    if (delimiter_at(text.all, at) || line_end_length(text.all, at) != 0) break;
    ++at;
  }
  keep({{text.all.data() + start, at - start}, false}, false, result);
  return End::record;
}

RecordParser::Result RecordParser::parse(std::string_view all, bool last, std::size_t quoted_limit) {
  fields_.clear();
  escaped_.clear();
  Result result;
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
      const End end = parse_bare(text, at, result);
      if (end != End::record) return stopped(end, at, fields_.size() + 1);
      if (at == size) return finished(at, 0);
      if (!delimiter_at(all, at)) return finished(at, line_end_length(all, at));
    }
    at += delimiter_.size();
    if (at == size && last) {  // the record ends with a delimiter: one more, empty field
      keep({}, false, result);
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

bool RecordParser::has_bare_quote() const {
  if (quote_ == 0) return false;
  for (const Field& field : fields_) {
    if (!field.quoted && field.text.find(quote_) != std::string_view::npos) return true;
  }
  return false;
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
