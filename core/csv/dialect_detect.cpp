// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cctype>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/csv/cell_shape.hpp"
#include "core/csv/content_sniff.hpp"
#include "core/csv/dialect.hpp"
#include "core/csv/dialect_score.hpp"
#include "core/csv/header_guess.hpp"
#include "core/csv/record_repair.hpp"
#include "core/csv/sample.hpp"
#include "core/csv/separator_line.hpp"

namespace sluice::csv {

namespace {

constexpr std::size_t kHeadRecords = 400;

const std::vector<std::string> kDelimiters{",", ";",    "\t", "|",  " ",  ":", "^",
                                           "~", "\x01", ", ", "; ", "||", "::"};

struct Candidate {
  Dialect dialect;
  DialectScore score;
};

RecordEnd commonest_record_end(std::string_view text) {
  std::size_t lf = 0, crlf = 0, cr = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++lf;
    } else if (text[i] == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') {
        ++crlf;
        ++i;
      } else {
        ++cr;
      }
    }
  }
  if (lf + crlf == 0 && cr > 0) return RecordEnd::cr;
  return crlf > lf ? RecordEnd::crlf : RecordEnd::lf;
}

bool has_lone_cr(std::string_view text) {
  for (std::size_t i = text.find('\r'); i != std::string_view::npos; i = text.find('\r', i + 1)) {
    if (i + 1 < text.size() && text[i + 1] != '\n') return true;
  }
  return false;
}

bool occurs(const Samples& samples, std::string_view what) {
  return samples.head.find(what) != std::string::npos ||
         std::any_of(samples.parts.begin(), samples.parts.end(),
                     [&](const std::string& part) { return part.find(what) != std::string::npos; });
}

bool holds(const std::string& delimiter, std::optional<char> mark) {
  return mark && *mark != 0 && delimiter.find(*mark) != std::string::npos;
}

// What the delimiter holds is no quote.
std::vector<char> possible_quotes(const Samples& samples, const DialectOverrides& overrides) {
  if (overrides.quote) return {*overrides.quote};
  const std::string delimiter = overrides.delimiter.value_or("");
  std::vector<char> quotes;
  if (!holds(delimiter, '"')) quotes.push_back('"');
  if (!holds(delimiter, '\'') && occurs(samples, "'")) quotes.push_back('\'');
  if (quotes.empty()) quotes.push_back(0);
  return quotes;
}

// A first line that names the delimiter is taken from the samples: it counts as preamble, and says the
// delimiter unless somebody did or the file has none of it. Lines that somebody wants skipped, or none, are
// his word.
void take_separator_line(Samples& samples, DialectOverrides& overrides) {
  if (overrides.preamble_lines) return;
  const auto line = separator_line(samples.head);
  if (!line) return;
  samples.head.erase(0, line->length);
  samples.first_line = 1;
  if (!overrides.delimiter && occurs(samples, line->delimiter)) overrides.delimiter = line->delimiter;
}

std::vector<Candidate> score_candidates(const Samples& samples, const DialectOverrides& overrides,
                                        Dialect base) {
  std::vector<std::string> delimiters;
  if (overrides.delimiter) {
    delimiters = {*overrides.delimiter};
  } else {
    for (const std::string& delimiter : kDelimiters) {
      if (occurs(samples, delimiter) && !holds(delimiter, overrides.quote) &&
          !holds(delimiter, overrides.escape))
        delimiters.push_back(delimiter);
    }
    delimiters.push_back("");
  }
  const std::vector<char> quotes = possible_quotes(samples, overrides);
  std::vector<Candidate> candidates;
  for (const std::string& delimiter : delimiters) {
    for (const char quote : quotes) {
      std::vector<char> escapes{'\0'};
      if (overrides.escape) {
        escapes = {*overrides.escape};
      } else if (quote != 0 && occurs(samples, std::string{'\\', quote})) {
        escapes.push_back('\\');
      }
      for (const char escape : escapes) {
        Candidate candidate{base, {}};
        candidate.dialect.delimiter = delimiter;
        candidate.dialect.quote = quote;
        candidate.dialect.escape = escape;
        candidate.score = score_dialect(samples, candidate.dialect);
        candidates.push_back(std::move(candidate));
      }
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score.value > b.score.value; });
  return candidates;
}

bool is_value(std::string_view text) {
  const CellShape shape = cell_shape(text);
  return shape != CellShape::empty && shape != CellShape::text && shape != CellShape::code;
}

// A header, a title or a unit: words, and no value among them. Data have one as a rule ("1,05 EUR").
bool is_heading(std::span<const Field> fields) {
  const auto is_word = [](const Field& field) {
    return std::any_of(field.text.begin(), field.text.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
    });
  };
  return std::any_of(fields.begin(), fields.end(), is_word) && !fields.front().text.starts_with('#') &&
         std::none_of(fields.begin(), fields.end(), [](const Field& field) { return is_value(field.text); });
}

// The delimiter of a title ("Prices, in euros") is followed by a blank.
bool is_prose(std::span<const Field> fields) {
  return std::any_of(fields.begin(), fields.end(),
                     [](const Field& field) { return trimmed(field.text).size() != field.text.size(); });
}

// "1,5" is a value as well as two of them. Where the rows of a table of several columns are of that kind:
// does any heading above the first one have as many fields? Yes when there is none; nothing where the rows
// are no values when read as one.
std::optional<bool> is_split_above_values(const Samples& samples, const Candidate& several) {
  RecordParser parser{several.dialect};
  bool headed = false, split = false;
  std::optional<bool> answer;
  for_each_record(parser, samples.head, !samples.whole, [&](const SampleRecord& record) {
    if (record.broken) return true;
    const std::vector<Field>& fields = *record.fields;
    const bool row =
        std::all_of(fields.begin(), fields.end(), [](const Field& field) { return is_value(field.text); });
    if (row && is_value(record.line)) answer = split || !headed;
    if (!row && is_heading(fields)) {
      headed = true;
      split = split || (fields.size() == several.score.width && !is_prose(fields));
    }
    return !row;
  });
  return answer;
}

// Where a table of one column and one of several are about as good. The scores alone would let the header of
// a long file decide less and less, and a title above it too much in a short one.
void settle_one_column(const Samples& samples, std::vector<Candidate>& candidates) {
  constexpr double kAboutAsGood = 0.8;
  const auto first_of = [&](bool one) {
    return std::find_if(candidates.begin(), candidates.end(),
                        [&](const Candidate& candidate) { return (candidate.score.width == 1) == one; });
  };
  const auto one = first_of(true), several = first_of(false);
  if (one == candidates.end() || several == candidates.end()) return;
  const auto [less, more] = std::minmax(one->score.value, several->score.value);
  if (less < more * kAboutAsGood) return;
  const std::optional<bool> split = is_split_above_values(samples, *several);
  if (!split) return;
  const auto right = *split ? several : one;
  std::rotate(candidates.begin(), right, right + 1);
}

// `a||b|c` is a table whose column is empty as well as one with `||` between its columns: where the half
// stands alone and makes a table at least as regular, the two of them are no delimiter.
void drop_doubled(std::vector<Candidate>& candidates) {
  std::vector<Dialect> wrong;
  for (const Candidate& doubled : candidates) {
    if (!doubled.score.half_alone) continue;
    Dialect half = doubled.dialect;
    half.delimiter.resize(1);
    const auto single = std::find_if(candidates.begin(), candidates.end(),
                                     [&](const Candidate& other) { return other.dialect == half; });
    if (single != candidates.end() && single->score.consistency >= doubled.score.consistency)
      wrong.push_back(doubled.dialect);
  }
  std::erase_if(candidates, [&](const Candidate& candidate) {
    return std::find(wrong.begin(), wrong.end(), candidate.dialect) != wrong.end();
  });
}

std::vector<HeadRecord> head_records(const Samples& samples, const Dialect& dialect) {
  RecordParser parser{dialect};
  std::vector<HeadRecord> records;
  std::vector<Field> fields;
  std::vector<std::uint32_t> escaped;
  for_each_record(parser, samples.head, !samples.whole, [&](const SampleRecord& sample) {
    HeadRecord record;
    record.line_no = sample.line_no + samples.first_line;
    record.broken = sample.broken;
    if (sample.broken) {
      // A header may have lost a delimiter together with its quotes.
      for (const std::uint32_t width : {dialect.width, dialect.width - 1}) {
        record.broken = repair_line(parser, sample.line, width, fields, escaped) != RepairOutcome::found;
        if (!record.broken) break;
      }
    } else {
      fields = *sample.fields;
      escaped = parser.escaped();
    }
    if (!record.broken) {
      for (const Field& field : fields) record.cells.emplace_back(field.text);
      for (const std::uint32_t i : escaped) {
        record.cells[i].clear();
        parser.unescape(fields[i].text, record.cells[i]);
      }
      record.blank = std::all_of(record.cells.begin(), record.cells.end(),
                                 [](const std::string& cell) { return trimmed(cell).empty(); });
    }
    records.push_back(std::move(record));
    return records.size() < kHeadRecords;
  });
  return records;
}

// Where the first row comes again with more or fewer cells behind it a second table begins, and the width is
// that of the rows above. 0: it does not come again.
std::uint32_t width_of_first_table(const std::vector<HeadRecord>& records) {
  const auto first = std::find_if(records.begin(), records.end(), [](const HeadRecord& record) {
    return !record.broken && !record.blank && record.cells.size() > 1;
  });
  if (first == records.end()) return 0;
  const auto again = std::find_if(first + 1, records.end(), [&](const HeadRecord& record) {
    const std::size_t both = std::min(record.cells.size(), first->cells.size());
    return !record.broken && record.cells.size() != first->cells.size() && both >= 2 &&
           both * 2 >= first->cells.size() &&
           std::equal(first->cells.begin(), first->cells.begin() + static_cast<std::ptrdiff_t>(both),
                      record.cells.begin());
  });
  if (again == records.end() || again - first < 2) return 0;
  std::map<std::size_t, std::size_t> widths;
  for (auto record = first; record != again; ++record) widths[record->cells.size()] += record->broken ? 0 : 1;
  return static_cast<std::uint32_t>(
      std::max_element(widths.begin(), widths.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
      })->first);
}

// Lines that begin with # are comments when they are no rows of the table.
char comment_of(const std::vector<HeadRecord>& records, std::uint32_t width) {
  bool narrow = false;
  for (const HeadRecord& record : records) {
    if (record.cells.empty() || record.cells[0].empty() || record.cells[0][0] != '#') continue;
    if (!record.broken && record.cells.size() == width) return 0;
    narrow = true;
  }
  return narrow && width > 1 ? '#' : '\0';
}

}  // namespace

DetectedDialect detect_dialect(ByteSource& source, const DialectOverrides& given) {
  DetectedDialect detected;
  std::string head(4096, '\0');
  head.resize(source.read(0, {head.data(), head.size()}));
  detected.reason = not_text_reason(head);
  if (!detected.reason.empty()) {
    detected.content = Content::not_text;
    return detected;
  }
  DialectOverrides overrides = given;
  Samples samples = take_samples(source, overrides);
  take_separator_line(samples, overrides);
  Dialect base;
  base.encoding = samples.encoding;
  base.bom_bytes = samples.bom_bytes;
  base.record_end = commonest_record_end(samples.head);
  base.short_records = overrides.short_records.value_or(ShortRecords::pad);
  if (overrides.delimiter) base.delimiter = *overrides.delimiter;
  if (overrides.quote) base.quote = *overrides.quote;
  if (overrides.escape) base.escape = *overrides.escape;
  if (overrides.comment) base.comment = *overrides.comment;
  if (samples.whole && samples.head.find_first_not_of(" \t\r\n") == std::string::npos) {
    detected.content = Content::empty;
    base.header_rows = 0;
    base.preamble_lines = samples.first_line;
    detected.dialect = base;
    detected.confidence = 1;
    return detected;
  }

  std::vector<Candidate> candidates = score_candidates(samples, overrides, base);
  drop_doubled(candidates);
  if (base.record_end != RecordEnd::cr && has_lone_cr(samples.head)) {
    // A CR alone ends a record only where that makes the table more regular.
    Candidate mixed = candidates.front();
    mixed.dialect.record_end = RecordEnd::mixed;
    mixed.score = score_dialect(samples, mixed.dialect);
    if (mixed.score.value > candidates.front().score.value * 1.01) candidates.front() = std::move(mixed);
  }
  settle_one_column(samples, candidates);
  const Candidate& best = candidates.front();
  if (best.score.width > kMaxColumns) {
    detected.content = Content::not_text;
    detected.reason = "The file has " + std::to_string(best.score.width) + " columns or more; at most " +
                      std::to_string(kMaxColumns) + " can be loaded.";
    return detected;
  }
  detected.dialect = best.dialect;
  detected.dialect.width = static_cast<std::uint32_t>(best.score.width);
  double second = 0;
  for (const Candidate& other : candidates) {
    if (other.dialect.delimiter == best.dialect.delimiter || other.score.width == best.score.width) continue;
    if (other.score.value <= second) continue;
    second = other.score.value;
    detected.runner_up = other.dialect;
    detected.runner_up->width = static_cast<std::uint32_t>(other.score.width);
  }
  const double lead = best.score.value > 0 ? 1 - second / best.score.value : 0;
  detected.confidence = std::clamp(0.5 * best.score.consistency + lead, 0.0, 1.0);

  std::vector<HeadRecord> records = head_records(samples, detected.dialect);
  if (const std::uint32_t width = width_of_first_table(records);
      width > 1 && width != detected.dialect.width) {
    detected.dialect.width = width;
    records = head_records(samples, detected.dialect);
  }
  const HeaderGuess header = guess_header(records, detected.dialect.width, overrides);
  detected.dialect.preamble_lines = std::max(header.preamble_lines, samples.first_line);
  detected.dialect.header_rows = header.header_rows;
  detected.dialect.width = header.width;
  if (!overrides.comment) detected.dialect.comment = comment_of(records, header.width);
  detected.header = header.names;
  if (samples.whole && header.header_rows > 0) {
    const auto body = std::count_if(records.begin(), records.end(), [&](const HeadRecord& record) {
      return record.line_no >= header.preamble_lines;
    });
    if (static_cast<std::size_t>(body) <= header.header_rows) detected.content = Content::header_only;
  }
  return detected;
}

}  // namespace sluice::csv
