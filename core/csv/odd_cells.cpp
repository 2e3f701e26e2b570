// SPDX-License-Identifier: MIT
#include "core/csv/odd_cells.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/csv/date_stats.hpp"
#include "core/csv/encoding.hpp"
#include "core/csv/number_stats.hpp"
#include "core/csv/type_stats.hpp"

namespace sluice::csv {

namespace {

// What is read once more at the most: these bytes at the top, and at so many places behind it.
constexpr std::uint64_t kBytesOnce = 8u << 20;
constexpr int kMostLooks = 8;
constexpr std::uint64_t kTopRecords = 10'000;
constexpr std::size_t kMostColumns = 1000;
// After so many values a column of plain text is no longer looked at.
constexpr std::uint64_t kPlainAfter = 50;
constexpr std::size_t kShownBytes = 40;
constexpr std::uint64_t kRecordsBetween = 16;

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A column as one of numbers, or as one of dates.
class Reading {
 public:
  enum class Of : std::uint8_t { numbers, dates };
  explicit Reading(Of of) : of_{of} {}

  bool is_possible() const { return possible_; }
  bool is_found() const { return odd_cell_.has_value(); }
  bool has_been_right() const { return possible_ && !is_found() && alike_ >= kLeastAlike; }
  std::uint64_t alike() const { return alike_; }

  void add(const Field& field, std::uint64_t line) {
    if (!possible_) return;
    if (fits(field.text)) {
      ++alike_;
      profile_.add(field);
      const bool still = of_ == Of::numbers ? profile_.may_be_number() : profile_.may_be_date();
      if (!still) note(OddCell::Why::other_writing, field.text, line);
    } else {
      ++odd_;
      note(OddCell::Why::other_kind, field.text, line);
    }
    const std::uint64_t values = alike_ + odd_;
    possible_ = values < kPlainAfter || odd_ * kOddOneIn <= 2 * values;
  }

  bool is_odd_one_out() const {
    if (!possible_ || !is_found() || alike_ < kLeastAlike) return false;
    if (odd_ > 1 && odd_ * kOddOneIn > alike_ + odd_) return false;
    return of_ == Of::dates ||
           !is_digits(odd_cell_->text);  // among codes one with a zero in front is not odd
  }

  OddCell take() {
    odd_cell_->type = decide({&profile_, 1}).front().type;
    return std::move(*odd_cell_);
  }

 private:
  bool fits(std::string_view text) const {
    return of_ == Of::numbers ? NumberStats{}.add(text) : DateStats{}.add(text);
  }
  void note(OddCell::Why why, std::string_view text, std::uint64_t line) {
    if (is_found()) return;
    odd_cell_.emplace();
    odd_cell_->why = why;
    odd_cell_->dates = of_ == Of::dates;
    std::string part{utf8_prefix(text, kShownBytes)};
    std::replace_if(
        part.begin(), part.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    odd_cell_->whole = part == text;
    odd_cell_->text = std::move(part) + (utf8_prefix(text, kShownBytes).size() < text.size() ? "…" : "");
    odd_cell_->line = line;
  }

  Of of_;
  bool possible_ = true;
  std::uint64_t alike_ = 0, odd_ = 0;
  TypeProfile profile_;  // of those that fit
  std::optional<OddCell> odd_cell_;
};

}  // namespace

class OddCells::Suspect {
 public:
  bool is_plain_text() const { return !numbers_ && !dates_; }
  Reading* numbers() { return numbers_.get(); }
  Reading* dates() { return dates_.get(); }

  void add(const Field& field, std::uint64_t line) {
    for (std::unique_ptr<Reading>* reading : {&numbers_, &dates_}) {
      if (!*reading) continue;
      (*reading)->add(field, line);
      if (!(*reading)->is_possible()) reading->reset();
    }
  }

  std::optional<OddCell> take() {
    Reading* best = nullptr;
    for (Reading* reading : {numbers(), dates()})
      if (reading != nullptr && reading->is_odd_one_out() && (!best || reading->alike() > best->alike()))
        best = reading;
    return best == nullptr ? std::nullopt : std::optional(best->take());
  }

 private:
  std::unique_ptr<Reading> numbers_ = std::make_unique<Reading>(Reading::Of::numbers);
  std::unique_ptr<Reading> dates_ = std::make_unique<Reading>(Reading::Of::dates);
};

OddCells::OddCells(ByteSource& source, const Dialect& dialect, const NullWords& null_words,
                   const std::function<void()>& between)
    : source_{source},
      dialect_{dialect},
      null_words_{null_words},
      between_{between},
      looks_left_{kMostLooks} {}
OddCells::~OddCells() = default;

// Calls `on_row` with each row; false ends it.
template <typename OnRow>
void OddCells::read(const Position& start, std::uint64_t until, std::uint64_t most_records, OnRow on_row) {
  Reader reader{source_, dialect_, start, std::min(until, start.offset + kBytesOnce)};
  for (std::uint64_t records = 0; records < most_records; ++records) {
    if (records % kRecordsBetween == 0) between_();
    const Record* record = reader.next();
    if (record == nullptr) return;
    if (record->kind == RecordKind::row && !on_row(*record)) return;
  }
}

namespace {

const Field* value_in(const Record& record, std::uint32_t column, const OddCells::NullWords& null_words) {
  if (column >= record.fields.size()) return nullptr;
  const Field& field = record.fields[column];
  if (field.text.empty()) return nullptr;
  const auto own = null_words.find(column);
  const bool null = own != null_words.end()
                        ? std::find(own->second.begin(), own->second.end(), field.text) != own->second.end()
                        : std::find(kNullWords.begin(), kNullWords.end(), field.text) != kNullWords.end();
  return null ? nullptr : &field;
}

}  // namespace

void OddCells::look_at_top(const Position& top, const std::vector<std::uint32_t>& columns) {
  for (const std::uint32_t column : columns)
    if (suspects_.size() < kMostColumns) suspects_.emplace(column, std::make_unique<Suspect>());
  top_end_ = top.offset;
  if (suspects_.empty()) return;
  read(top, Dialect::kNowhere, kTopRecords, [&](const Record& record) {
    for (auto& [column, suspect] : suspects_)
      if (const Field* field = value_in(record, column, null_words_)) suspect->add(*field, record.first_line);
    std::erase_if(suspects_, [](const auto& each) { return each.second->is_plain_text(); });
    top_end_ = record.byte_offset + record.byte_length;
    return !suspects_.empty();
  });
}

void OddCells::look_on(const Position& start, std::uint64_t until,
                       const std::vector<std::uint32_t>& not_numbers,
                       const std::vector<std::uint32_t>& not_dates) {
  if (until <= top_end_ || looks_left_ == 0) return;
  std::vector<std::pair<std::uint32_t, Reading*>> looked_for;
  for (const std::uint32_t column : not_numbers)
    if (const auto found = suspects_.find(column); found != suspects_.end())
      looked_for.emplace_back(column, found->second->numbers());
  for (const std::uint32_t column : not_dates)
    if (const auto found = suspects_.find(column); found != suspects_.end())
      looked_for.emplace_back(column, found->second->dates());
  std::erase_if(looked_for, [](const auto& each) { return !each.second || !each.second->has_been_right(); });
  if (looked_for.empty()) return;
  --looks_left_;
  read(start, until, Dialect::kNowhere, [&](const Record& record) {
    if (record.byte_offset < top_end_) return true;
    for (const auto& [column, reading] : looked_for)
      if (const Field* field = value_in(record, column, null_words_)) reading->add(*field, record.first_line);
    std::erase_if(looked_for, [](const auto& each) { return each.second->is_found(); });
    return !looked_for.empty();
  });
}

std::map<std::uint32_t, OddCell> OddCells::take() {
  std::map<std::uint32_t, OddCell> found;
  for (auto& [column, suspect] : suspects_)
    if (auto odd = suspect->take()) found.emplace(column, std::move(*odd));
  suspects_.clear();
  return found;
}

}  // namespace sluice::csv
