// SPDX-License-Identifier: MIT
#include "core/csv/date_stats.hpp"

#include <algorithm>
#include <utility>

#include "core/csv/iso_text.hpp"

namespace sluice::csv {

namespace {

// Sorts as the values do.
std::uint64_t key_of(const DateTime& value) {
  const auto& [date, time] = value;
  return static_cast<std::uint64_t>(date.year) << 26 | static_cast<std::uint64_t>(date.month) << 22 |
         static_cast<std::uint64_t>(date.day) << 17 | static_cast<std::uint64_t>(time.hour) << 12 |
         static_cast<std::uint64_t>(time.minute) << 6 | time.second;
}

}  // namespace

void DateRange::add(std::size_t order, std::int64_t value, bool first) {
  if (first || value < least[order]) least[order] = value;
  if (first || value > greatest[order]) greatest[order] = value;
}

void DateRange::merge(const DateRange& other) {
  if (!other.any) return;
  if (!any) {
    *this = other;
    return;
  }
  for (std::size_t i = 0; i < kNumericOrders; ++i) {
    least[i] = std::min(least[i], other.least[i]);
    greatest[i] = std::max(greatest[i], other.greatest[i]);
  }
}

bool DateStats::add(std::string_view text) {
  if (iso_size_ != 0 && text.size() == iso_size_ && add_iso(text)) return true;
  if (const DateParts* parts = layout_.read(text)) return add(*parts);
  DateParts parts;
  if (!take_apart(text, parts)) return false;
  if (cells_ == 0) {
    const auto shape = understand(parts.shape());
    if (!shape) return false;
    shape_ = *shape;
    shape_text_ = parts.shape();
    orders_ = shape->has_date ? shape->orders : std::array<bool, kNumericOrders>{true, false, false};
    iso_size_ = shape_text_ == "4-9-9" ? kIsoDateSize : shape_text_ == "4-9-9 9:9:9" ? kIsoDateTimeSize : 0;
  } else if (parts.shape() != shape_text_) {
    return false;
  }
  layout_.learn(text, parts);
  return add(parts);
}

bool DateStats::add_iso(std::string_view text) {
  DateTime value;
  const bool with_time = text.size() == kIsoDateTimeSize;
  if (!(with_time ? read_iso_datetime(text.data(), value) : read_iso_date(text.data(), value.date)))
    return false;
  ++cells_;
  const auto count = [&](std::size_t i, unsigned number) { zeros_[i].padded += number < 10 ? 1 : 0; };
  count(0, static_cast<unsigned>(value.date.year));
  count(1, value.date.month);
  count(2, value.date.day);
  if (with_time) {
    count(3, value.time.hour);
    count(4, value.time.minute);
    count(5, value.time.second);
    ++fractions_[0];
  }
  const std::uint64_t key = key_of(value);
  if (key >= least_key_ && key <= greatest_key_) return true;
  least_key_ = std::min(least_key_, key);
  greatest_key_ = std::max(greatest_key_, key);
  const std::int64_t number = to_microseconds(value);
  range_.add(0, number, !range_.any);
  block_.add(0, number, !block_.any);
  range_.any = block_.any = true;
  return true;
}

bool DateStats::add(const DateParts& parts) {
  ++cells_;
  bool alive = false;
  const bool had_dmy = orders_[1], had_mdy = orders_[2];
  for (std::size_t i = 0; i < kNumericOrders; ++i) {
    if (!orders_[i]) continue;
    const auto value = value_of(parts, shape_, static_cast<NumericOrder>(i));
    if (!value) {
      orders_[i] = false;
      continue;
    }
    alive = true;
    if (!shape_.has_date) continue;
    const std::int64_t number = to_microseconds(*value);
    range_.add(i, number, !range_.any);
    block_.add(i, number, !block_.any);
  }
  if (!alive) {
    // The cell is a date in the order that an earlier one excluded.
    if (numeric()) {
      const bool dmy = value_of(parts, shape_, NumericOrder::dmy).has_value();
      const bool mdy = value_of(parts, shape_, NumericOrder::mdy).has_value();
      contradictory_ = (dmy && !had_dmy) || (mdy && !had_mdy);
    }
    return false;
  }
  if (shape_.has_date) range_.any = block_.any = true;
  for (std::size_t i = 0; i < parts.count; ++i) {
    if (parts.numbers[i] < 10) ++(parts.digits[i] >= 2 ? zeros_[i].padded : zeros_[i].bare);
  }
  if (shape_.named_month) {
    ++name_cases_[parts.name_case == 'T' ? 0 : parts.name_case == 'U' ? 1 : 2];
    if (!parts.either_length) ++(parts.long_name ? long_names_ : short_names_);
  }
  if (shape_.half_day) ++(parts.half_case == 'U' ? upper_halves_ : lower_halves_);
  if (shape_.has_second) {
    ++fractions_[parts.fraction_digits];
    if (parts.fraction_digits > 0 && parts.microsecond == 0) ++zero_fractions_;
  }
  return true;
}

bool DateStats::merge(const DateStats& later) {
  if (later.cells_ == 0) return true;
  if (cells_ == 0) {
    *this = later;
    return true;
  }
  if (shape_text_ != later.shape_text_) return false;
  cells_ += later.cells_;
  bool alive = false;
  for (std::size_t i = 0; i < kNumericOrders; ++i) {
    orders_[i] = orders_[i] && later.orders_[i];
    alive |= orders_[i];
  }
  contradictory_ = contradictory_ || later.contradictory_ || !alive;
  for (std::size_t i = 0; i < zeros_.size(); ++i) {
    zeros_[i].padded += later.zeros_[i].padded;
    zeros_[i].bare += later.zeros_[i].bare;
  }
  for (std::size_t i = 0; i < name_cases_.size(); ++i) name_cases_[i] += later.name_cases_[i];
  long_names_ += later.long_names_;
  short_names_ += later.short_names_;
  upper_halves_ += later.upper_halves_;
  lower_halves_ += later.lower_halves_;
  for (std::size_t i = 0; i < fractions_.size(); ++i) fractions_[i] += later.fractions_[i];
  zero_fractions_ += later.zero_fractions_;
  range_.merge(later.range_);
  block_.merge(later.block_);
  return alive;
}

bool DateStats::numeric() const {
  return shape_.has_date && !shape_.named_month;
}

DateStats::Verdict DateStats::decide(NumericOrder order) const {
  Verdict verdict;
  ColumnType& type = verdict.type;
  type.type = !shape_.has_date ? Type::time : shape_.has_time ? Type::datetime : Type::date;
  if (numeric()) {
    verdict.order = order == NumericOrder::ymd   ? DateOrder::ymd
                    : order == NumericOrder::dmy ? DateOrder::dmy
                                                 : DateOrder::mdy;
  }
  DateStyle style;
  style.order = order;
  for (std::size_t i = 0; i < zeros_.size(); ++i) {
    style.padded[i] = zeros_[i].padded >= zeros_[i].bare;
    const bool minute_or_second = shape_.has_time && i > shape_.first_time_part;
    if (!minute_or_second) verdict.written_otherwise += std::min(zeros_[i].padded, zeros_[i].bare);
  }
  style.long_name = long_names_ > short_names_;
  verdict.written_otherwise += std::min(long_names_, short_names_);
  const auto name_case = std::max_element(name_cases_.begin(), name_cases_.end()) - name_cases_.begin();
  style.name_case = "TUL"[name_case];
  if (shape_.named_month)
    verdict.written_otherwise += cells_ - name_cases_[static_cast<std::size_t>(name_case)];
  style.half_case = upper_halves_ >= lower_halves_ ? 'U' : 'L';
  verdict.written_otherwise += std::min(upper_halves_, lower_halves_);
  for (std::size_t i = 1; i < fractions_.size(); ++i) {
    if (fractions_[i] > 0) type.fraction = static_cast<std::uint8_t>(i);
  }
  if (type.fraction > 0) {
    style.fraction = true;
    // Left out when zero, as many programs do, or always there: whichever explains more cells.
    const std::uint64_t always = fractions_[type.fraction];
    const std::uint64_t optional = fractions_[0] + always - std::min(always, zero_fractions_);
    style.fraction_optional = optional > always;
    verdict.written_otherwise += cells_ - std::max(always, optional);
  }
  type.date = make_pattern(shape_text_, shape_, style);
  if (range_.any) {
    verdict.least = range_.least[static_cast<std::size_t>(order)];
    verdict.greatest = range_.greatest[static_cast<std::size_t>(order)];
  }
  return verdict;
}

DateRange DateStats::take_block() {
  least_key_ = ~std::uint64_t{0};
  greatest_key_ = 0;
  return std::exchange(block_, {});
}

}  // namespace sluice::csv
