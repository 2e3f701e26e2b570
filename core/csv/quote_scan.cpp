// SPDX-License-Identifier: MIT
#include "core/csv/quote_scan.hpp"

#include <cstring>

#include "core/csv/record_parser.hpp"
#include "core/csv/text_window.hpp"

namespace sluice::csv {

namespace {

// Bytes that stay in the window so that a delimiter or CRLF is seen whole.
constexpr std::size_t kMargin = 8;
constexpr std::size_t kWindow = 256 << 10;

class Scan {
 public:
  Scan(ByteSource& source, const Dialect& dialect, std::uint64_t offset)
      : dialect_{dialect},
        lone_cr_{dialect.record_end == RecordEnd::cr || dialect.record_end == RecordEnd::mixed},
        start_{offset},
        window_{source, dialect.encoding, offset} {}

  QuoteScan record(std::uint64_t limit) {
    enum class State : std::uint8_t { field_start, bare, quoted, closed } state = State::field_start;
    QuoteScan scan{.lines = 1, .fields = 1};
    while (fill()) {
      if (window_.offset() - start_ > limit) return finish(scan, false);
      const char c = window_.begin()[0];
      if (state == State::quoted) {
        if (c == dialect_.quote) {
          state = State::closed;
          window_.consume(1);
        } else if (dialect_.escape != 0 && c == dialect_.escape) {
          const bool resolves =
              window_.size() > 1 && (second() == dialect_.quote || second() == dialect_.escape);
          window_.consume(resolves ? 2 : 1);
        } else if (c == '\n' || (c == '\r' && lone_cr_ && second() != '\n')) {
          ++scan.lines;
          window_.consume(1);
        } else {
          consume_plain();
        }
        continue;
      }
      if (state == State::closed && c == dialect_.quote) {
        state = State::quoted;
        window_.consume(1);
      } else if (state == State::field_start && dialect_.quote != 0 && c == dialect_.quote) {
        state = State::quoted;
        window_.consume(1);
      } else if (const std::size_t end = line_end(); end != 0) {
        window_.consume(end);
        return finish(scan, true);
      } else if (at_delimiter()) {
        ++scan.fields;
        window_.consume(dialect_.delimiter.size());
        state = State::field_start;
      } else if (state == State::closed || c == dialect_.quote) {
        return finish(scan, false);  // stray: this is not how the record goes
      } else {
        state = State::bare;
        window_.consume(1);
      }
    }
    return finish(scan, state != State::quoted);
  }

  QuoteScan line() {
    QuoteScan scan{.lines = 1, .fields = 1};
    while (fill()) {
      if (const std::size_t end = line_end(); end != 0) {
        window_.consume(end);
        return finish(scan, true);
      }
      consume_plain();
    }
    return finish(scan, true);
  }

 private:
  bool fill() {
    while (window_.size() < kMargin && !window_.at_end()) window_.grow();
    return window_.size() > 0;
  }
  char second() const { return window_.size() > 1 ? window_.begin()[1] : '\0'; }
  std::size_t line_end() const {
    const char c = window_.begin()[0];
    if (c == '\n') return 1;
    if (c != '\r') return 0;
    return second() == '\n' ? 2 : (lone_cr_ ? 1 : 0);
  }
  bool at_delimiter() const {
    const std::string& delimiter = dialect_.delimiter;
    return !delimiter.empty() && window_.size() >= delimiter.size() &&
           std::memcmp(window_.begin(), delimiter.data(), delimiter.size()) == 0;
  }
  // At least one byte, and whatever follows that can mean nothing.
  void consume_plain() {
    const char* at = window_.begin() + 1;
    const char* const end = window_.end();
    while (at < end && *at != '\n' && *at != '\r' && *at != dialect_.quote && *at != dialect_.escape) ++at;
    window_.consume(static_cast<std::size_t>(at - window_.begin()));
  }
  QuoteScan finish(QuoteScan scan, bool closed) const {
    scan.closed = closed;
    scan.length = window_.offset() - start_;
    return scan;
  }

  const Dialect& dialect_;
  bool lone_cr_;
  std::uint64_t start_;
  TextWindow window_;
};

}  // namespace

QuoteScan scan_record(ByteSource& source, const Dialect& dialect, std::uint64_t offset, std::uint64_t limit) {
  return Scan{source, dialect, offset}.record(limit);
}

QuoteScan scan_line(ByteSource& source, const Dialect& dialect, std::uint64_t offset) {
  return Scan{source, dialect, offset}.line();
}

}  // namespace sluice::csv
