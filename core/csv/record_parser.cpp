// SPDX-License-Identifier: MIT
#include "core/csv/record_parser.hpp"

#include <algorithm>
#include <cstring>

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

RecordParser::Result RecordParser::parse(std::string_view text, bool last, std::size_t quoted_limit) {
  fields_.clear();
  escaped_.clear();
  Result result;
  const char* const data = text.data();
  const std::size_t size = text.size();
  const std::size_t delimiter_size = delimiter_.size();
  // A delimiter or CRLF may go on after the end of what is known.
  const std::size_t safe = last ? size : size - std::min<std::size_t>(size, 4);
  std::size_t at = 0;
  while (true) {
    if (at >= safe && !last) return result;
    Field field;
    if (at < size && quote_ != 0 && data[at] == quote_) {
      const std::size_t start = ++at;
      bool escapes = false;
      while (true) {
        const std::size_t limit = std::min(size, quoted_limit);
        while (at < limit && data[at] != quote_ && !(escape_ != 0 && data[at] == escape_)) {
          if (escape_ == 0) {
            const void* found = std::memchr(data + at, quote_, limit - at);
            at = found == nullptr ? limit : static_cast<std::size_t>(static_cast<const char*>(found) - data);
          } else {
            ++at;
          }
        }
        result.column = static_cast<std::uint32_t>(fields_.size() + 1);
        if (at >= limit) {
          result.end = last || limit < size ? End::unclosed : End::more;
          result.text_length = at;
          return result;
        }
        if (at >= safe && !last) return result;
        if (data[at] != quote_) {  // the escape
          const bool resolves = at + 1 < size && (data[at + 1] == quote_ || data[at + 1] == escape_);
          escapes |= resolves;
          at += resolves ? 2 : 1;
          continue;
        }
        if (at + 1 < size && data[at + 1] == quote_) {
          escapes = true;
          at += 2;
          continue;
        }
        break;
      }
      field = {{data + start, at - start}, true};
      if (!result.spans_lines) {
        result.spans_lines = std::memchr(data + start, '\n', at - start) != nullptr ||
                             (lone_cr_ && std::memchr(data + start, '\r', at - start) != nullptr);
      }
      if (escapes) escaped_.push_back(static_cast<std::uint32_t>(fields_.size()));
      ++at;
    } else {
      const std::size_t start = at;
      while (true) {
        while (at < size && !stops_[static_cast<unsigned char>(data[at])]) ++at;
        if (at == size) break;
        if (at >= safe && !last) return result;
        if (line_end_length(text, at) != 0) break;
        if (delimiter_size == 1 ? data[at] == delimiter_[0]
                                : delimiter_size != 0 && text.compare(at, delimiter_size, delimiter_) == 0) {
          break;
        }
        ++at;
      }
      if (at == size && !last) return result;
      field = {{data + start, at - start}, false};
    }
    fields_.push_back(field);
    if (at == size) {
      result.text_length = result.length = at;
      result.end = End::record;
      return result;
    }
    if (const std::size_t end = line_end_length(text, at); end != 0) {
      result.text_length = at;
      result.length = at + end;
      result.end = End::record;
      return result;
    }
    if (delimiter_size == 0 || text.compare(at, delimiter_size, delimiter_) != 0) {
      result.end = End::stray;
      result.text_length = at;
      result.column = static_cast<std::uint32_t>(fields_.size());
      return result;
    }
    at += delimiter_size;
    if (at == size && last) {  // the record ends with a delimiter: one more, empty field
      fields_.push_back({});
      result.text_length = result.length = at;
      result.end = End::record;
      return result;
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
