// SPDX-License-Identifier: MIT
#include "core/csv/type_profile.hpp"

#include <algorithm>
#include <numeric>

#include "core/csv/cell_shape.hpp"
#include "core/csv/encoding.hpp"
#include "core/csv/type_stats.hpp"

namespace sluice::csv {

namespace {

// More cells than this share that a type would write otherwise make the column text: their texts would
// outweigh what the type saves.
constexpr std::uint64_t kOneIn = 10;
// The columns of a table share 65,535 bytes; a VARCHAR counts with four bytes a character.
constexpr std::size_t kVarcharBudget = 48'000;
constexpr std::uint32_t kLongestVarchar = 255;
constexpr std::uint32_t kLongestText = 65'535;

struct Pair {
  std::string_view yes, no;
};
constexpr Pair kPairs[] = {{"true", "false"}, {"yes", "no"}, {"t", "f"}, {"y", "n"}};

std::string like(std::string_view word, std::string_view model) {
  std::string result{word};
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  for (std::size_t i = 0; i < result.size(); ++i) {
    const bool raise = i == 0 ? upper(model[0]) : model.size() > 1 ? upper(model[1]) : upper(model[0]);
    if (raise) result[i] = static_cast<char>(result[i] - 32);
  }
  return result;
}

}  // namespace

bool BooleanStats::add(std::string_view text) {
  return add(text, 1);
}

bool BooleanStats::add(std::string_view text, std::uint64_t count) {
  if (text.size() > 5) return false;
  const std::uint64_t leading = leading_word(text);
  for (Word& word : words_) {
    if (word.leading == leading && word.text.size() == text.size()) {
      word.count += count;
      return true;
    }
  }
  for (int i = 0; i < static_cast<int>(std::size(kPairs)); ++i) {
    const bool yes = equal_ignoring_case(text, kPairs[i].yes);
    if (!yes && !equal_ignoring_case(text, kPairs[i].no)) continue;
    if (pair_ != -1 && pair_ != i) return false;
    pair_ = i;
    words_.push_back({std::string{text}, leading, yes, count});
    return true;
  }
  return false;
}

bool BooleanStats::merge(const BooleanStats& later) {
  return std::all_of(later.words_.begin(), later.words_.end(),
                     [&](const Word& word) { return add(word.text, word.count); });
}

std::optional<BooleanStats::Verdict> BooleanStats::decide() const {
  if (pair_ < 0) return std::nullopt;
  const Word* best[2] = {nullptr, nullptr};
  std::uint64_t cells = 0;
  for (const Word& word : words_) {
    cells += word.count;
    const Word*& place = best[word.value ? 1 : 0];
    if (place == nullptr || word.count > place->count) place = &word;
  }
  const bool letters = kPairs[pair_].yes.size() == 1;
  if (letters && (best[0] == nullptr || best[1] == nullptr))
    return std::nullopt;  // a column of y alone is a code
  Verdict verdict;
  verdict.type.type = Type::boolean;
  verdict.type.word_true = best[1] != nullptr ? best[1]->text : like(kPairs[pair_].yes, best[0]->text);
  verdict.type.word_false = best[0] != nullptr ? best[0]->text : like(kPairs[pair_].no, best[1]->text);
  verdict.written_otherwise =
      cells - (best[0] != nullptr ? best[0]->count : 0) - (best[1] != nullptr ? best[1]->count : 0);
  return verdict;
}

void TypeProfile::Impl::add(const Field& field) {
  ++cells;
  const std::string_view text = field.text;
  if (text.empty()) {
    ++(field.quoted ? quoted_empty : bare_empty);
    return;
  }
  const auto bytes = static_cast<std::uint32_t>(text.size());
  const char first = text[0];
  if (own_words || (bytes <= 4 && (first == 'N' || first == 'n' || first == '-' || first == '\\'))) {
    const auto word = std::find(words.begin(), words.end(), text);
    if (word != words.end()) {
      ++null_words[static_cast<std::size_t>(word - words.begin())];
      max_word_bytes = std::max(max_word_bytes, bytes);
      return;
    }
  }
  max_bytes = std::max(max_bytes, bytes);
  distinct.add(text);
  texts.add(text);
  if (number && !number->add(text)) number.reset();
  if (date && !date->add(text)) {
    contradictory |= date->contradictory();
    date.reset();
  }
  if (boolean && !boolean->add(text)) boolean.reset();
}

void TypeProfile::Impl::merge(const Impl& later) {
  cells += later.cells;
  bare_empty += later.bare_empty;
  quoted_empty += later.quoted_empty;
  if (later.own_words && !own_words) {  // this one was made before it was told
    words = later.words;
    null_words.resize(words.size());
    own_words = true;
  }
  for (std::size_t i = 0; i < std::min(null_words.size(), later.null_words.size()); ++i)
    null_words[i] += later.null_words[i];
  max_bytes = std::max(max_bytes, later.max_bytes);
  max_word_bytes = std::max(max_word_bytes, later.max_word_bytes);
  distinct.merge(later.distinct);
  texts.merge(later.texts);
  if (!later.number || (number && !number->merge(*later.number))) number.reset();
  if (date && later.date && !date->merge(*later.date)) {
    contradictory |= date->contradictory();
    date.reset();
  }
  if (!later.date) date.reset();
  if (!later.boolean || (boolean && !boolean->merge(*later.boolean))) boolean.reset();
  contradictory |= later.contradictory;
}

std::uint64_t TypeProfile::Impl::words_for_null() const {
  return std::accumulate(null_words.begin(), null_words.end(), std::uint64_t{0});
}

TypeProfile::TypeProfile() : impl_{std::make_unique<Impl>()} {}
TypeProfile::~TypeProfile() = default;
TypeProfile::TypeProfile(TypeProfile&&) noexcept = default;
TypeProfile& TypeProfile::operator=(TypeProfile&&) noexcept = default;
void TypeProfile::add(const Field& field) {
  impl_->add(field);
}
void TypeProfile::stay_text() {
  impl_->number.reset();
  impl_->date.reset();
  impl_->boolean.reset();
}
void TypeProfile::take_null_words(std::vector<std::string> words) {
  impl_->null_words.assign(words.size(), 0);
  impl_->words = std::move(words);
  impl_->own_words = true;
}
DateRange TypeProfile::take_block() {
  return impl_->date ? impl_->date->take_block() : DateRange{};
}
bool TypeProfile::may_be_number() const {
  return impl_->number != nullptr;
}
bool TypeProfile::may_be_date() const {
  return impl_->date != nullptr;
}
void TypeProfile::merge(const TypeProfile& later) {
  impl_->merge(*later.impl_);
}

namespace {

// d/m or m/d, as the columns that prove one of them say; nothing when none does or they disagree.
std::optional<NumericOrder> proven_order(std::span<const TypeProfile> profiles) {
  bool dmy = false, mdy = false;
  for (const TypeProfile& profile : profiles) {
    const auto& date = profile.impl().date;
    if (!date || profile.impl().values() == 0 || !date->numeric()) continue;
    const auto& orders = date->orders();
    dmy |= orders[1] && !orders[0] && !orders[2];
    mdy |= orders[2] && !orders[0] && !orders[1];
  }
  if (dmy == mdy) return std::nullopt;
  return dmy ? NumericOrder::dmy : NumericOrder::mdy;
}

ColumnType text_type(const TypeProfile::Impl& column) {
  ColumnType type;
  const std::uint32_t longest = std::max(column.max_bytes, column.max_word_bytes);
  type.type = longest <= kLongestVarchar ? Type::varchar
              : longest <= kLongestText  ? Type::text
                                         : Type::longtext;
  if (type.type == Type::varchar) {
    for (const std::uint32_t size : {16u, 32u, 64u, 128u, 255u}) {
      if (longest <= size) {
        type.length = size;
        break;
      }
    }
  }
  type.nullable = column.bare_empty > 0;
  return type;
}

void choose_null_form(const TypeProfile::Impl& column, ColumnVerdict& verdict) {
  const std::uint64_t quoted_empty =
      is_text(verdict.type.type) ? 0 : column.quoted_empty;  // a text of its own there
  if (column.own_words) verdict.type.null_words = column.words;
  verdict.nulls = column.bare_empty + quoted_empty + column.words_for_null();
  verdict.type.nullable = verdict.nulls > 0;
  std::uint64_t most = column.bare_empty;
  if (quoted_empty > most) {
    most = quoted_empty;
    verdict.type.null_form.quoted_empty = true;
  }
  for (std::size_t i = 0; i < column.words.size(); ++i) {
    if (column.null_words[i] <= most) continue;
    most = column.null_words[i];
    verdict.type.null_form = {false, column.words[i]};
  }
  verdict.written_otherwise += verdict.nulls - most;
}

// The typed verdict, or false where the column is text.
bool decide_typed(const TypeProfile::Impl& column, std::optional<NumericOrder> proven,
                  ColumnVerdict& verdict) {
  if (column.values() == 0) return false;
  if (column.boolean) {
    if (auto found = column.boolean->decide()) {
      verdict.type = std::move(found->type);
      verdict.written_otherwise = found->written_otherwise;
      return true;
    }
  }
  if (column.number) {
    if (auto found = column.number->decide()) {
      verdict.type = std::move(found->type);
      verdict.written_otherwise = found->written_otherwise;
      verdict.least_text = std::move(found->least);
      verdict.greatest_text = std::move(found->greatest);
      return true;
    }
  }
  if (!column.date) return false;
  const auto& orders = column.date->orders();
  NumericOrder order = NumericOrder::ymd;
  if (orders[1] || orders[2]) {
    const bool alone = orders[0] + orders[1] + orders[2] == 1;
    if (alone) {
      order = orders[1] ? NumericOrder::dmy : NumericOrder::mdy;
    } else if (proven && orders[static_cast<std::size_t>(*proven)]) {
      order = *proven;
      verdict.order_of_others = true;
    } else {
      verdict.order = DateOrder::ambiguous;
      return false;
    }
  }
  DateStats::Verdict found = column.date->decide(order);
  verdict.type = std::move(found.type);
  verdict.order = found.order;
  verdict.written_otherwise = found.written_otherwise;
  verdict.least = found.least;
  verdict.greatest = found.greatest;
  return true;
}

// A text column: what a typed one takes for NULL is a text like others here.
void describe_texts(const TypeProfile::Impl& column, ColumnVerdict& verdict) {
  TextRange texts = column.texts;
  const auto add = [&](std::string_view text) {
    texts.add(text);
    verdict.distinct.add(text);
  };
  if (column.quoted_empty > 0) add("");
  for (std::size_t i = 0; i < column.words.size() && !column.own_words; ++i)
    if (column.null_words[i] > 0) add(column.words[i]);
  if (!texts.any()) return;
  verdict.least_text = utf8_prefix(texts.least(), TextRange::kBytes);
  verdict.greatest_text = utf8_prefix(texts.greatest(), TextRange::kBytes);
}

}  // namespace

std::vector<ColumnVerdict> decide(std::span<const TypeProfile> profiles) {
  const std::optional<NumericOrder> proven = proven_order(profiles);
  std::vector<ColumnVerdict> verdicts(profiles.size());
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const TypeProfile::Impl& column = profiles[i].impl();
    ColumnVerdict& verdict = verdicts[i];
    bool typed = decide_typed(column, proven, verdict);
    if (typed) {
      const std::uint64_t values_otherwise = verdict.written_otherwise;
      choose_null_form(column, verdict);
      // Whoever names several words for NULL wants the type, however often each of them stands there.
      const std::uint64_t counted = column.own_words ? values_otherwise : verdict.written_otherwise;
      typed = counted * kOneIn <= column.cells;
    }
    if (!typed) {
      const DateOrder order = column.contradictory ? DateOrder::contradictory : verdict.order;
      verdict = {};
      verdict.type = text_type(column);
      verdict.nulls = column.bare_empty;
      if (column.own_words) choose_null_form(column, verdict);
      if (order == DateOrder::ambiguous || order == DateOrder::contradictory) verdict.order = order;
    }
    verdict.distinct = column.distinct;
    if (!typed) describe_texts(column, verdict);
    verdict.cells = column.cells;
    verdict.max_bytes = std::max(column.max_bytes, column.max_word_bytes);
  }
  // The longest go first when the VARCHARs do not fit into one table.
  for (const std::uint32_t size : {255u, 128u, 64u, 32u, 16u}) {
    std::size_t sum = 0;
    for (const ColumnVerdict& verdict : verdicts)
      sum += verdict.type.type == Type::varchar ? verdict.type.length * 4 : 12;
    if (sum <= kVarcharBudget) break;
    for (ColumnVerdict& verdict : verdicts) {
      if (verdict.type.type == Type::varchar && verdict.type.length == size) {
        verdict.type.type = Type::text;
        verdict.type.length = 0;
      }
    }
  }
  return verdicts;
}

}  // namespace sluice::csv
