// SPDX-License-Identifier: MIT
#include "core/csv/odd_cells.hpp"

#include <algorithm>
#include <utility>

#include "core/csv/date_stats.hpp"
#include "core/csv/encoding.hpp"
#include "core/csv/number_stats.hpp"
#include "core/csv/type_stats.hpp"

namespace sluice::csv {

namespace {

/// Values that are looked at, at the top and behind the odd one.
constexpr std::uint64_t kMostValues = 1000;
constexpr std::uint64_t kMostRecords = 10 * kMostValues;
constexpr std::size_t kShownBytes = 40;

template <typename OnRow>
void each_row(ByteSource& source, const StretchRules& rules, const Position& start, std::uint64_t until,
              OnRow on_row) {
  Reader reader{source, rules.dialect, start, until};
  Position at = reader.position();
  while (const Record* record = reader.next()) {
    if (record->kind == RecordKind::row && !on_row(*record, at)) return;
    at = reader.position();
  }
}

}  // namespace

/// A column, what it might be, and what its values say about that, each taken by itself.
class OddCells::Suspect {
 public:
  enum class Like : std::uint8_t { number, date };

  Suspect(std::uint32_t column, Like like, const StretchRules& rules) : column_{column}, like_{like} {
    const auto own = rules.null_words.find(column);
    if (own != rules.null_words.end())
      words_ = {own->second.begin(), own->second.end()};
    else
      words_ = {kNullWords.begin(), kNullWords.end()};
  }

  std::uint32_t column() const { return column_; }
  bool is_found() const { return !cell_.text.empty(); }
  const Position& at() const { return at_; }
  std::uint64_t record_no() const { return record_no_; }
  bool is_full() const { return values_ == kMostValues; }
  /// Whatever comes, too many are odd.
  bool is_hopeless() const { return odd_ * kOddOneIn > 2 * kMostValues; }
  bool is_odd_one_out() const { return alike_ >= kLeastLike && odd_ * kOddOneIn <= alike_ + odd_; }
  std::uint64_t alike() const { return alike_; }

  /// The first value that is none.
  void find(const Record& record, const Position& at) {
    const Field* field = value_in(record);
    if (field == nullptr || is_alike(field->text)) return;
    cell_.text = utf8_prefix(field->text, kShownBytes);
    if (cell_.text.size() < field->text.size()) cell_.text += "…";
    cell_.line = record.first_line;
    at_ = at;
    record_no_ = record.record_no;
  }

  void begin() { values_ = 0; }

  void weigh(const Record& record) {
    const Field* field = value_in(record);
    if (field == nullptr || is_full()) return;
    ++values_;
    if (!is_alike(field->text)) {
      ++odd_;
      return;
    }
    ++alike_;
    profile_.add(*field);
  }

  TypeProfile take_profile() { return std::move(profile_); }
  OddCell take_cell() { return std::move(cell_); }

 private:
  const Field* value_in(const Record& record) const {
    if (column_ >= record.fields.size()) return nullptr;
    const Field& field = record.fields[column_];
    const bool null =
        field.text.empty() || std::find(words_.begin(), words_.end(), field.text) != words_.end();
    return null ? nullptr : &field;
  }

  bool is_alike(std::string_view text) const {
    return like_ == Like::number ? NumberStats{}.add(text) : DateStats{}.add(text);
  }

  std::uint32_t column_;
  Like like_;
  std::vector<std::string> words_;
  OddCell cell_;
  Position at_;
  std::uint64_t record_no_ = 0;
  std::uint64_t values_ = 0, alike_ = 0, odd_ = 0;
  TypeProfile profile_;
};

void OddCells::look(const Position& start, std::uint64_t until, const std::vector<std::uint32_t>& not_numbers,
                    const std::vector<std::uint32_t>& not_dates) {
  std::vector<Suspect> suspects;
  for (const std::uint32_t column : not_numbers) suspects.emplace_back(column, Suspect::Like::number, rules_);
  for (const std::uint32_t column : not_dates) suspects.emplace_back(column, Suspect::Like::date, rules_);
  std::size_t missing = suspects.size();
  each_row(source_, rules_, start, until, [&](const Record& record, const Position& at) {
    for (Suspect& suspect : suspects) {
      if (suspect.is_found()) continue;
      suspect.find(record, at);
      if (suspect.is_found()) --missing;
    }
    return missing > 0;
  });
  std::erase_if(suspects, [](const Suspect& suspect) { return !suspect.is_found(); });
  gather(suspects);
}

// What stands at the top, up to the odd one, and from there on. Those whose odd one is in the same record are
// read together.
void OddCells::gather(std::vector<Suspect>& suspects) {
  std::map<std::uint64_t, std::vector<Suspect*>> by_record;
  for (Suspect& suspect : suspects) by_record[suspect.record_no()].push_back(&suspect);
  for (auto& [record_no, together] : by_record) {
    const auto read = [&](const Position& from, std::uint64_t before_record) {
      std::uint64_t left = kMostRecords;
      for (Suspect* suspect : together) suspect->begin();
      each_row(source_, rules_, from, Dialect::kNowhere, [&](const Record& record, const Position&) {
        if (record.record_no >= before_record || left-- == 0) return false;
        for (Suspect* suspect : together) suspect->weigh(record);
        return !std::all_of(together.begin(), together.end(), [](const Suspect* suspect) {
          return suspect->is_full() || suspect->is_hopeless();
        });
      });
    };
    read(together.front()->at(), Dialect::kNowhere);
    std::erase_if(together, [](const Suspect* suspect) { return suspect->is_hopeless(); });
    if (!together.empty()) read(top_, record_no);
    for (Suspect* suspect : together) {
      if (!suspect->is_odd_one_out()) continue;
      const TypeProfile profile = suspect->take_profile();
      ColumnVerdict verdict = std::move(decide({&profile, 1}).front());
      if (is_text(verdict.type.type)) continue;
      OddCell cell = suspect->take_cell();
      cell.type = std::move(verdict.type);
      found_.emplace(suspect->column(), std::move(cell));
    }
  }
}

std::string sentence_of(const std::string& column, const OddCell& odd) {
  const Type type = odd.type.type;
  const bool day = type >= Type::date && type <= Type::time;
  std::string advised{to_string(type)};
  if (type == Type::integer) advised = "bigint";
  if (type == Type::decimal) advised = "decimal(18," + std::to_string(odd.type.scale) + ")";
  return "Column " + column + " stays text because of \"" + odd.text + "\" in line " +
         std::to_string(odd.line) + ": nearly all other values around it are " +
         (type == Type::time ? "times"
          : day              ? "dates"
                             : "numbers") +
         ". Mend the file, or load it again with that text among the column's words for no value, or with "
         "type " +
         advised + " for the column: then such records become rejects.";
}

}  // namespace sluice::csv
