// SPDX-License-Identifier: MIT
// consistency of width x how much the cells look like values x few stray quotes x how usual the delimiter is.
#include "core/csv/dialect_score.hpp"

#include <algorithm>
#include <map>

#include "core/csv/cell_shape.hpp"

namespace sluice::csv {

namespace {

constexpr std::size_t kCellsLookedAt = 4000;

double usualness(const std::string& delimiter) {
  if (delimiter == "," || delimiter == "\t" || delimiter == "\x01") return 1;
  if (delimiter == ", " || delimiter == "; ") return 1.02;
  if (delimiter == "||" || delimiter == "::") return 1.1;  // their halves give columns that are always empty
  if (delimiter == ";") return 0.99;
  if (delimiter == "|") return 0.98;
  if (delimiter == "^" || delimiter == "~") return 0.95;
  if (delimiter == " " || delimiter == ":") return 0.6;
  return 1;  // of no other kind unless somebody said so
}

bool bounded_by(std::string_view text, char mark) {
  return text.size() > 1 && text.front() == mark && text.back() == mark;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The character that `delimiter` is twice; NUL: it is none such.
char half_of(std::string_view delimiter) {
  return delimiter.size() == 2 && delimiter[0] == delimiter[1] ? delimiter[0] : '\0';
}

// Outside quotes, and not as in 10:30.
bool stands_alone(char half, const Field& field) {
  if (field.quoted) return false;
  const std::string_view text = field.text;
  for (std::size_t i = text.find(half); i != std::string_view::npos; i = text.find(half, i + 1)) {
    const bool time =
        half == ':' && i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
    if (!time) return true;
  }
  return false;
}

// 0-1; below 0: says nothing.
double value_likeness(const Field& field) {
  if (!field.quoted) {
    if (bounded_by(field.text, '"') || bounded_by(field.text, '\''))
      return 0.1;  // a quote that was not seen as one
    if (!field.text.empty() && field.text.front() == '"') return 0.1;
  }
  switch (cell_shape(field.text)) {
    case CellShape::empty:
      return -1;
    case CellShape::text: {
      const bool letters = std::any_of(field.text.begin(), field.text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
      });
      if (!letters && !field.quoted) return 0;
      return !field.quoted && field.text.front() == ' ' ? 0.3 : 0.5;
    }
    case CellShape::code:
      return 0.6;
    default:
      return !field.quoted && field.text.front() == ' ' ? 0.9 : 1;
  }
}

}  // namespace

DialectScore score_dialect(const Samples& samples, const Dialect& dialect) {
  RecordParser parser{dialect};
  struct Group {
    std::size_t first = 0;  // the record that had this width first
    std::size_t records = 0;
    std::size_t cells = 0;
    double likeness = 0;
    std::size_t looked_at = 0;
  };
  std::map<std::size_t, Group> groups;
  std::size_t records = 0, broken = 0, stray = 0, steady = 0, width_above = 0;
  const char half = half_of(dialect.delimiter);
  bool half_alone = false;
  const auto visit = [&](const SampleRecord& record) {
    ++records;
    if (record.broken) {
      ++broken;
      width_above = 0;
      return true;
    }
    stray += parser.has_bare_quote();
    steady += record.fields->size() == width_above;
    width_above = record.fields->size();
    Group& group = groups[record.fields->size()];
    if (group.records++ == 0) group.first = records;
    for (const Field& field : *record.fields) {
      if (++group.looked_at > kCellsLookedAt) break;
      half_alone = half_alone || (half != 0 && stands_alone(half, field));
      const double likeness = value_likeness(field);
      if (likeness < 0) continue;
      ++group.cells;
      group.likeness += likeness;
    }
    return true;
  };
  // A quoted field longer than the sample: what follows it cannot be told, neither here nor further down.
  const bool seen_whole = for_each_record(parser, samples.head, !samples.whole, visit);
  if (seen_whole) {
    for (const std::string& part : samples.parts) for_each_record(parser, part, false, visit);
  }

  DialectScore score;
  if (records == 0 || groups.empty()) return score;
  // Of two widths that are equally common the one that comes first: another table may follow.
  const auto best = std::max_element(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    if (a.second.records != b.second.records) return a.second.records < b.second.records;
    return a.second.first > b.second.first;
  });
  score.width = best->first;
  score.half_alone = half_alone;
  // Two tables, one below the other, are regular as well: as many fields as the record above counts half.
  const double share = static_cast<double>(best->second.records) / static_cast<double>(records);
  const double steadiness = records == 1 ? 1 : static_cast<double>(steady) / static_cast<double>(records - 1);
  score.consistency = (share + std::max(share, steadiness)) / 2;
  const double likeness =
      best->second.cells == 0 ? 0.3 : best->second.likeness / static_cast<double>(best->second.cells);
  const auto width = static_cast<double>(score.width);
  // One column explains everything and nothing: it counts only when its cells are values as they stand.
  double columns = 1 - 0.5 / width;
  if (score.width == 1) columns = likeness >= 0.8 ? 0.75 : 0.35;
  const double clean = 1 - 0.5 * static_cast<double>(broken + stray) / static_cast<double>(records);
  score.value = (seen_whole ? 1 : 0.9) * score.consistency * columns * (0.4 + 0.6 * likeness) * clean *
                (score.width == 1 ? 1 : usualness(dialect.delimiter));
  return score;
}

}  // namespace sluice::csv
