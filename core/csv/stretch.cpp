// SPDX-License-Identifier: MIT
#include "core/csv/stretch.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/csv/cell_shape.hpp"

namespace sluice::csv {

namespace {

constexpr std::uint64_t kRecordsBetween = 64;
constexpr std::uint64_t kLongRecord = 64 << 10;

std::optional<std::int64_t> microseconds_of(const ParsedCell& cell) {
  if (const auto* date = std::get_if<Date>(&cell.value)) return to_microseconds(*date);
  if (const auto* datetime = std::get_if<DateTime>(&cell.value)) return to_microseconds(*datetime);
  return std::nullopt;
}

// Tells the header when it comes again, or the first part of it, or it with more behind.
class HeaderAgain {
 public:
  explicit HeaderAgain(const StretchRules& rules) : header_{rules.header} {
    const Dialect& dialect = rules.dialect;
    looked_for_ =
        header_.size() >= 2 && dialect.header_rows == 1 && dialect.second_table_offset == Dialect::kNowhere;
    if (looked_for_) first_name_ = trimmed(header_[0]);
  }

  bool is(const Record& record) const {
    if (!looked_for_ || record.fields.empty()) return false;
    const std::string_view first = record.fields[0].text;
    // Nearly all rows leave here.
    if (first.empty() || first.size() < first_name_.size()) return false;
    if (!first_name_.empty() && first.find(first_name_.front()) == std::string_view::npos) return false;
    std::size_t same = 0;
    while (same < std::min(header_.size(), record.fields.size()) &&
           trimmed(record.fields[same].text) == trimmed(header_[same])) {
      ++same;
    }
    if (same == header_.size()) return true;
    // What follows the part that is the same must be what padding puts there.
    return same >= 1 && same * 2 >= header_.size() && record.repair == Repair::padded &&
           std::all_of(record.fields.begin() + static_cast<std::ptrdiff_t>(same), record.fields.end(),
                       [](const Field& field) { return field.is_null(); });
  }

 private:
  const std::vector<std::string>& header_;
  bool looked_for_ = false;
  std::string_view first_name_;
};

}  // namespace

Stretch Stretch::empty(const StretchRules& rules, const Position& at) {
  Stretch stretch;
  stretch.rules_ = &rules;
  stretch.start = stretch.end = at;
  stretch.profiles.resize(rules.columns);
  if (rules.types_as_text || !rules.given_types.empty()) {
    for (TypeProfile& profile : stretch.profiles) profile.stay_text();
  }
  for (const auto& [column, words] : rules.null_words)
    if (column < rules.columns) stretch.profiles[column].take_null_words(words);
  if (!rules.given_types.empty()) {
    stretch.given_dates.resize(rules.columns);
    stretch.swapped_dates.resize(rules.columns);
  }
  return stretch;
}

void Stretch::add_row(std::span<const Field> fields, bool repaired, const StretchRules& rules) {
  ++counts.rows;
  if (repaired) ++counts.repaired;
  for (std::size_t i = 0; i < fields.size(); ++i) profiles[i].add(fields[i]);
  for (std::size_t i = 0; i < std::min(fields.size(), rules.given_types.size()); ++i)
    add_given(i, fields[i], rules);
}

void Stretch::add_given(std::size_t column, const Field& field, const StretchRules& rules) {
  if (!is_date(rules.given_types[column].type)) return;
  const ParsedCell cell = parse_cell(rules.given_types[column], field);
  if (const auto value = microseconds_of(cell)) {
    DateRange& range = given_dates[column];
    range.add(0, *value, !range.any);
    range.any = true;
  } else if (cell.status == CellStatus::bad_type && !swapped_dates[column]) {
    const auto& swapped = rules.swapped_types[column];
    swapped_dates[column] = swapped && microseconds_of(parse_cell(*swapped, field)).has_value();
  }
}

void Stretch::settle_narrow() {
  if (narrow.empty()) return;
  narrow.for_each([&](std::span<const Field> fields, bool repaired) { add_row(fields, repaired, *rules_); });
  narrow = NarrowRows{};
}

void Stretch::merge(Stretch&& later) {
  if (later.settles) {
    settle_narrow();
    settles = true;
    narrow = std::move(later.narrow);
  } else {
    narrow.append(std::move(later.narrow));
    if (narrow.full()) {
      settle_narrow();
      settles = true;
    }
  }
  if (counts.rows == 0)
    profiles = std::move(later.profiles);  // tables of many columns: two sets of profiles would be held
  else
    for (std::size_t i = 0; i < profiles.size(); ++i) profiles[i].merge(later.profiles[i]);
  counts.add(later.counts);
  for (std::size_t i = 0; i < given_dates.size(); ++i) given_dates[i].merge(later.given_dates[i]);
  for (std::size_t i = 0; i < swapped_dates.size(); ++i)
    swapped_dates[i] = swapped_dates[i] || later.swapped_dates[i];
  end = later.end;
}

std::vector<DateRange> Stretch::take_dates() {
  if (!given_dates.empty()) return std::exchange(given_dates, std::vector<DateRange>(given_dates.size()));
  std::vector<DateRange> dates;
  dates.reserve(profiles.size());
  for (TypeProfile& profile : profiles) dates.push_back(profile.take_block());
  return dates;
}

class StretchScan {
 public:
  StretchScan(ByteSource& source, const StretchRules& rules, const Position& start, std::uint64_t until)
      : rules_{rules},
        again_{rules},
        reader_{source, rules.dialect, start, until},
        stretch_{Stretch::empty(rules, start)} {}

  Stretch run(const std::function<void(std::uint64_t)>& between) {
    std::uint64_t until_between = kRecordsBetween;
    stretch_.end = reader_.position();
    while (const Record* record = reader_.next()) {
      if (--until_between == 0 || record->byte_length > kLongRecord) {
        until_between = kRecordsBetween;
        between(stretch_.end.offset);
      }
      if (record->kind != RecordKind::skipped && ends_before(*record)) break;
      take(*record);
      stretch_.end = reader_.position();
    }
    return std::move(stretch_);
  }

 private:
  bool ends_before(const Record& record) {
    if (again_.is(record)) {
      stretch_.ended = Stretch::End::second_table;
      return true;
    }
    if (rules_.end_at_bad_encoding && record.kind == RecordKind::reject &&
        record.code == RejectCode::bad_encoding) {
      stretch_.ended = Stretch::End::bad_encoding;
      return true;
    }
    return false;
  }

  void take(const Record& record) {
    switch (record.kind) {
      case RecordKind::skipped:
        ++stretch_.counts.skipped[static_cast<std::size_t>(record.reason)];
        return;
      case RecordKind::reject:
        ++stretch_.counts.rejects[static_cast<std::size_t>(record.code)];
        settle();
        return;
      case RecordKind::row:
        break;
    }
    if (NarrowRows::is_narrow(record)) {
      if (stretch_.narrow.full()) settle();
      stretch_.narrow.add(record);
      return;
    }
    settle();
    stretch_.add_row(record.fields, record.repair != Repair::none, rules_);
  }

  // Rows follow: what was narrow stands in the midst of the table and is part of it.
  void settle() {
    stretch_.settles = true;
    stretch_.settle_narrow();
  }

  const StretchRules& rules_;
  HeaderAgain again_;
  Reader reader_;
  Stretch stretch_;
};

Stretch read_stretch(ByteSource& source, const StretchRules& rules, const Position& start,
                     std::uint64_t until, const std::function<void(std::uint64_t)>& between) {
  return StretchScan{source, rules, start, until}.run(between);
}

}  // namespace sluice::csv
