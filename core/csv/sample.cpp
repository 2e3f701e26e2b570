// SPDX-License-Identifier: MIT
#include "core/csv/sample.hpp"

#include <algorithm>

#include "core/csv/content_sniff.hpp"
#include "core/csv/encoding.hpp"

namespace sluice::csv {

namespace {

constexpr std::size_t kHead = 64 << 10;
constexpr std::size_t kLongHead = 1 << 20;
constexpr std::size_t kPart = 16 << 10;
constexpr std::size_t kEnoughLines = 20;

std::string read_at(ByteSource& source, std::uint64_t offset, std::size_t length) {
  std::string bytes(length, '\0');
  bytes.resize(source.read(offset, {bytes.data(), bytes.size()}));
  return bytes;
}

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

std::size_t count_lines(std::string_view bytes) {
  return static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), is_line_end));
}

// Cuts the last, unfinished line off.
void cut_to_lines(std::string& text) {
  std::size_t end = text.size();
  while (end > 0 && !is_line_end(text[end - 1])) --end;
  if (end > 0) text.resize(end);
}

std::string whole_lines(std::string text) {
  std::size_t start = text.find('\n');
  if (start == std::string::npos) start = text.find('\r');
  if (start == std::string::npos) return {};
  text.erase(0, start + 1);
  cut_to_lines(text);
  return text;
}

// Offset of what stands behind `lines` line ends; the source's size when there are fewer. Lines end with LF
// (with CR in a file that has no LF at its beginning), as they do for the reader.
std::uint64_t behind_lines(ByteSource& source, std::uint64_t from, std::uint32_t lines, Encoding encoding,
                           char end) {
  const bool wide = encoding == Encoding::utf16le || encoding == Encoding::utf16be;
  const std::size_t unit = wide ? 2 : 1;
  const std::size_t low = encoding == Encoding::utf16be ? 1 : 0;  // place of the character's low byte
  std::string chunk(1 << 20, '\0');
  while (lines > 0) {
    chunk.resize(1 << 20);
    chunk.resize(source.read(from, {chunk.data(), chunk.size()}));
    if (chunk.size() < unit) return source.size();
    std::size_t at = 0;
    for (; lines > 0 && at + unit <= chunk.size(); at += unit) {
      if (chunk[at + low] == end && (!wide || chunk[at + 1 - low] == 0)) --lines;
    }
    from += at;
  }
  return from;
}

}  // namespace

Samples take_samples(ByteSource& source, const DialectOverrides& overrides) {
  Samples samples;
  const std::uint64_t size = source.size();
  std::string head = read_at(source, 0, kHead);
  if (size > kHead && count_lines(head) < kEnoughLines) head = read_at(source, 0, kLongHead);
  const EncodingGuess guess = guess_encoding(head);
  samples.encoding = overrides.encoding.value_or(guess.encoding);
  samples.bom_bytes = samples.encoding == guess.encoding ? guess.bom_bytes : 0;
  std::uint64_t begin = 0;
  if (const std::uint32_t lines = overrides.preamble_lines.value_or(0); lines > 0) {
    const std::string shown = decoded(std::string_view{head}.substr(samples.bom_bytes), samples.encoding);
    const char end =
        shown.find('\n') == std::string::npos && shown.find('\r') != std::string::npos ? '\r' : '\n';
    begin = behind_lines(source, samples.bom_bytes, lines, samples.encoding, end);
    samples.first_line = lines;
    head = read_at(source, begin, kHead);
    if (size - begin > kHead && count_lines(head) < kEnoughLines) head = read_at(source, begin, kLongHead);
  }
  samples.whole = begin + head.size() >= size;
  std::vector<std::string> parts;
  if (!samples.whole) {
    for (const std::uint64_t offset :
         {begin + (size - begin) / 2, size - std::min<std::uint64_t>(size, kPart)}) {
      // An even offset keeps the two bytes of a character of UTF-16 together.
      if (offset >= begin + head.size()) parts.push_back(read_at(source, offset & ~std::uint64_t{1}, kPart));
    }
  }
  if (!overrides.encoding && samples.encoding == Encoding::utf8 && samples.bom_bytes == 0) {
    Utf8Counts counts = count_utf8(head);
    for (const std::string& part : parts) {
      const Utf8Counts more =
          count_utf8(std::string_view{part}.substr(std::min<std::size_t>(part.size(), 3)));
      counts.multibyte += more.multibyte;
      counts.invalid += more.invalid;
    }
    if (counts.invalid > counts.multibyte) samples.encoding = Encoding::windows1252;
  }
  samples.head = decoded(std::string_view{head}.substr(begin == 0 ? samples.bom_bytes : 0), samples.encoding);
  if (!samples.whole) cut_to_lines(samples.head);
  for (const std::string& part : parts) samples.parts.push_back(whole_lines(decoded(part, samples.encoding)));
  return samples;
}

bool for_each_record(RecordParser& parser, std::string_view text, bool cut,
                     const std::function<bool(const SampleRecord&)>& visit) {
  std::size_t at = 0, line_no = 0;
  std::size_t credit = 4 * text.size() + 4096;  // for quotes that do not close
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    const RecordParser::Result line = parser.parse_line(rest, true);
    SampleRecord record{.line_no = line_no};
    RecordParser::Result result = parser.parse(rest, true, line.length + credit);
    if (cut && result.end == RecordParser::End::unclosed && result.text_length == rest.size()) return false;
    bool whole = result.end == RecordParser::End::record;
    if (whole && result.spans_lines && parser.has_bare_quote()) whole = false;
    if (!whole) {
      if (result.text_length > line.length) credit -= std::min(credit, result.text_length - line.length);
      result = line;
    }
    record.broken = !whole;
    record.line = rest.substr(0, result.text_length);
    record.fields = &parser.fields();
    const bool blank = record.line.find_first_not_of(" \t") == std::string_view::npos;
    const std::string_view taken = rest.substr(0, result.length);
    if (!blank && !visit(record)) return true;
    at += result.length;
    if (result.spans_lines) {
      for (std::size_t i = 0; i < taken.size(); ++i) {
        line_no += taken[i] == '\n' ||
                   (parser.lone_cr() && taken[i] == '\r' && !(i + 1 < taken.size() && taken[i + 1] == '\n'));
      }
    } else {
      ++line_no;
    }
  }
  return true;
}

}  // namespace sluice::csv
