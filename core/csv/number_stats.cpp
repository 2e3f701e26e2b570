// SPDX-License-Identifier: MIT
#include "core/csv/number_stats.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::csv {

namespace {

constexpr std::uint8_t kPointBits = 0b1100011;  // conventions whose decimal mark is '.'
constexpr std::uint8_t kCommaBits = 0b0011100;
constexpr std::uint8_t kPlainBit = 1;
constexpr std::uint8_t kPointGroupBit = 0b0001000;  // '.' groups, ',' decimal

constexpr std::array<double, 16> kPowers{1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads all of it as a double; false when it is none or beyond a double's range.
bool to_double(std::string_view text, double& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

// Significant digits: no sign, no mark, no zeros at either end.
std::string significant(std::string_view text) {
  std::string digits;
  for (const char c : text.substr(0, text.find_first_of("eE"))) {
    if (digit(c) && !(digits.empty() && c == '0')) digits += c;
  }
  while (!digits.empty() && digits.back() == '0') digits.pop_back();
  return digits;
}

// The shortest text of the double has the digits of this text.
bool keeps_digits(std::string_view text, double value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  return significant(text) == significant({buffer, static_cast<std::size_t>(end - buffer)});
}

}  // namespace

void NumberStats::Reading::merge(const Reading& other) {
  for (std::size_t i = 0; i < kDigits; ++i) {
    natural[i] += other.natural[i];
    trailing[i] += other.trailing[i];
  }
  whole_digits = std::max(whole_digits, other.whole_digits);
  decimals = std::max(decimals, other.decimals);
  least = std::min(least, other.least);
  greatest = std::max(greatest, other.greatest);
  beyond_int64 |= other.beyond_int64;
  reals.merge(other.reals);
}

bool NumberStats::add(std::string_view text) {
  ++cells_;
  if (exponents_ > 0 && alive_ == kPlainBit) {
    if (const auto common = read_scientific(text)) {
      add_scientific(*common, text);
      return true;
    }
  }
  // The common case first: digits, perhaps a minus, perhaps a point.
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool minus = at < end && *at == '-';
  if (minus) ++at;
  const char* const first = at;
  std::int64_t value = 0;
  while (at < end && digit(*at) && at - first < 18) value = value * 10 + (*at++ - '0');
  const auto whole = static_cast<std::uint8_t>(at - first);
  const bool leads = whole > 0 && (*first != '0' || whole == 1);
  if (at == end && leads && !(minus && value == 0)) {
    ++integers_;
    integer_digits_ = std::max(integer_digits_, whole);
    if (minus) value = -value;
    least_ = std::min(least_, value);
    greatest_ = std::max(greatest_, value);
    if (whole > 3) ++ungrouped_;
    if (minus) ++sign_first_;
    return true;
  }
  if (leads && at < end && *at == '.' && (alive_ & kPlainBit) != 0) {
    const char* const mark = at++;
    std::uint64_t fraction = 0;
    while (at < end && digit(*at)) fraction = fraction * 10 + static_cast<std::uint64_t>(*at++ - '0');
    const auto decimals = static_cast<std::size_t>(at - mark - 1);
    const bool may_group = decimals == 3 && whole <= 3 && *first != '0' && (alive_ & kPointGroupBit) != 0;
    if (at == end && decimals > 0 && whole + decimals <= 15 && decimals < kDigits && !may_group) {
      alive_ &= kPointBits;
      const bool trailing = end[-1] == '0';
      if (!point_) point_ = std::make_unique<Reading>();
      ++(trailing ? point_->trailing : point_->natural)[decimals];
      point_->whole_digits = std::max(point_->whole_digits, whole);
      point_->decimals = std::max(point_->decimals, static_cast<std::uint8_t>(decimals));
      const double real = static_cast<double>(value) + static_cast<double>(fraction) / kPowers[decimals];
      point_->reals.add(minus ? -real : real);
      if (whole > 3) ++ungrouped_;
      if (minus) ++sign_first_;
      if (value == 0) {
        ++zero_point_;
        const bool tiny = std::all_of(mark + 1, end, [](char c) { return c == '0'; });
        if (minus && tiny) ++odd_;
        if (decimals > 4 && std::all_of(mark + 1, mark + 5, [](char c) { return c == '0'; })) ++real_odd_;
      }
      return true;
    }
  }
  return add_apart(text);
}

bool NumberStats::same_marks(const NumberParts& parts) {
  if (parts.prefix.empty() && parts.suffix.empty()) return true;
  if (marked_++ == 0) {
    prefix_ = parts.prefix;
    suffix_ = parts.suffix;
    return true;
  }
  return prefix_ == parts.prefix && suffix_ == parts.suffix;
}

void NumberStats::count(std::unique_ptr<Reading>& place, bool minus, const Digits& digits) {
  if (!place) place = std::make_unique<Reading>();
  Reading& reading = *place;
  const std::size_t decimals = std::min<std::size_t>(digits.decimals, kDigits - 1);
  ++(digits.decimals > digits.natural_decimals ? reading.trailing : reading.natural)[decimals];
  reading.whole_digits = std::max(reading.whole_digits, digits.whole);
  reading.decimals = std::max(reading.decimals, digits.decimals);
  double real = 0;
  if (to_double(plain_text(minus, digits, digits.decimals), real)) reading.reals.add(real);
  if (digits.decimals > 0) return;
  std::int64_t value = 0;
  std::string text = minus ? "-" : "";
  text += digits.whole_digits();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) {
    reading.beyond_int64 = true;
    return;
  }
  reading.least = std::min(reading.least, value);
  reading.greatest = std::max(reading.greatest, value);
}

void NumberStats::check_real(bool minus, const Digits& digits) {
  const std::string text = plain_text(minus, digits, digits.decimals);
  double value = 0;
  if (!to_double(text, value) || (digits.whole + digits.decimals > 15 && !keeps_digits(text, value))) {
    real_lossy_ = true;
  } else if (value != 0 && ((value < 1e-4 && value > -1e-4) || value >= 1e16 || value <= -1e16)) {
    ++real_odd_;
  }
}

bool NumberStats::add_apart(std::string_view text) {
  NumberParts parts;
  if (!take_apart(text, parts) || !same_marks(parts)) return false;
  bool odd = parts.plus || parts.padded;
  if (!parts.exponent.empty()) {
    if (odd) ++odd_;
    return add_exponent(parts);
  }
  if (parts.minus) ++(parts.sign_first ? sign_first_ : sign_last_);
  Digits digits;
  bool point_counted = false, comma_counted = false, grouped = false, big = false;
  for (std::size_t i = 0; i < kConventions.size(); ++i) {
    const auto bit = static_cast<std::uint8_t>(1 << i);
    if ((alive_ & bit) == 0) continue;
    if (!read_digits(parts.body, kConventions[i], digits)) {
      alive_ = static_cast<std::uint8_t>(alive_ & ~bit);
      continue;
    }
    const bool point = (bit & kPointBits) != 0;
    bool& counted = point ? point_counted : comma_counted;
    if (counted) continue;
    counted = true;
    count(point ? point_ : comma_, parts.minus, digits);
    grouped |= digits.grouped;
    big |= digits.whole > 3;
    odd |= parts.minus && digits.is_zero();
    if (point) {
      check_real(parts.minus, digits);
      if (digits.whole == 0) ++bare_point_;
      if (digits.whole == 1 && digits.chars[0] == '0' && digits.decimals > 0) ++zero_point_;
    }
  }
  if (odd) ++odd_;
  if (big && !grouped) ++ungrouped_;
  return alive_ != 0;
}

bool NumberStats::add_exponent(const NumberParts& parts) {
  alive_ &= kPlainBit;
  Digits digits;
  if (alive_ == 0 || !parts.prefix.empty() || !parts.suffix.empty() ||
      !read_digits(parts.body, kConventions[0], digits)) {
    return false;
  }
  std::string text = parts.minus ? "-" : "";
  text += parts.body;
  text += parts.exponent;
  if (const auto common = read_scientific(text)) {
    add_scientific(*common, text);
    return true;
  }
  ++exponents_;
  double value = 0;
  if (!to_double(text, value)) return false;  // beyond a double: text
  exponent_range_.add(value);
  if (!keeps_digits(text, value)) real_lossy_ = true;
  std::string written;
  render_real({}, value, written);
  if (written == text) ++exponents_short_;
  NumberPattern fixed;
  fixed.exponent = static_cast<std::uint8_t>(parts.exponent[0]);
  fixed.min_decimals = digits.decimals;
  written.clear();
  render_real(fixed, value, written);
  if (written == text && digits.decimals < kDigits) count_fixed(parts.exponent[0], digits.decimals);
  return true;
}

void NumberStats::add_scientific(const Scientific& number, std::string_view text) {
  ++exponents_;
  exponent_range_.add(value_of(number, text));
  // As render_real writes it by itself: with an exponent where that is short, and without zeros at the end.
  const bool small_or_large = number.exponent < -4 || number.exponent >= 16;
  if (small_or_large && number.letter == 'e' && !number.trailing_zero) ++exponents_short_;
  count_fixed(number.letter, number.decimals);
}

void NumberStats::count_fixed(char letter, std::size_t decimals) {
  if (!exponents_fixed_) exponents_fixed_ = std::make_unique<Exponents>();
  ++exponents_fixed_->fixed[letter == 'E'][decimals];
}

bool NumberStats::merge(const NumberStats& later) {
  if (marked_ > 0 && later.marked_ > 0 && (prefix_ != later.prefix_ || suffix_ != later.suffix_))
    return false;
  if (marked_ == 0) {
    prefix_ = later.prefix_;
    suffix_ = later.suffix_;
  }
  cells_ += later.cells_;
  alive_ &= later.alive_;
  integers_ += later.integers_;
  integer_digits_ = std::max(integer_digits_, later.integer_digits_);
  least_ = std::min(least_, later.least_);
  greatest_ = std::max(greatest_, later.greatest_);
  for (auto reading : {&NumberStats::point_, &NumberStats::comma_}) {
    if (!(later.*reading)) continue;
    if (!(this->*reading)) this->*reading = std::make_unique<Reading>();
    (this->*reading)->merge(*(later.*reading));
  }
  ungrouped_ += later.ungrouped_;
  odd_ += later.odd_;
  bare_point_ += later.bare_point_;
  zero_point_ += later.zero_point_;
  sign_first_ += later.sign_first_;
  sign_last_ += later.sign_last_;
  marked_ += later.marked_;
  exponents_ += later.exponents_;
  exponent_range_.merge(later.exponent_range_);
  exponents_short_ += later.exponents_short_;
  if (later.exponents_fixed_) {
    if (!exponents_fixed_) exponents_fixed_ = std::make_unique<Exponents>();
    for (std::size_t i = 0; i < 2; ++i) {
      for (std::size_t j = 0; j < kDigits; ++j) {
        exponents_fixed_->fixed[i][j] += later.exponents_fixed_->fixed[i][j];
      }
    }
  }
  real_odd_ += later.real_odd_;
  real_lossy_ |= later.real_lossy_;
  return alive_ != 0;
}

std::optional<NumberStats::Verdict> NumberStats::decide() const {
  if (cells_ == 0 || alive_ == 0) return std::nullopt;
  const bool point = (alive_ & kPointBits) != 0;
  // "1,234" alone may be a thousand or one and a bit: no column is decided by it.
  if (!(alive_ & kPlainBit) && point && (alive_ & kCommaBits) != 0) return std::nullopt;
  std::size_t convention = 0;
  while ((alive_ & 1 << convention) == 0) ++convention;
  Reading reading;
  reading.natural[0] = integers_;
  reading.whole_digits = integer_digits_;
  reading.least = least_;
  reading.greatest = greatest_;
  if (const auto& marked = point ? point_ : comma_) reading.merge(*marked);

  Verdict verdict;
  NumberPattern& pattern = verdict.type.number;
  pattern.group = kConventions[convention].group;
  pattern.decimal = kConventions[convention].decimal;
  if (marked_ * 2 > cells_) {
    pattern.prefix = prefix_;
    pattern.suffix = suffix_;
  }
  pattern.sign_first = sign_first_ >= sign_last_;
  pattern.leading_zero = bare_point_ <= zero_point_;
  if (exponents_ > 0) return decide_real(reading);

  // A cell with d decimals is written back when d = max(min_decimals, its decimals without trailing zeros).
  std::uint64_t best = 0;
  for (std::size_t m = 0; m < kDigits; ++m) {
    std::uint64_t matches = reading.trailing[m];
    for (std::size_t d = m; d < kDigits; ++d) matches += reading.natural[d];
    if (matches > best) {
      best = matches;
      pattern.min_decimals = static_cast<std::uint8_t>(m);
    }
  }
  verdict.written_otherwise = cells_ - std::min(cells_, best) + odd_ + std::min(sign_first_, sign_last_) +
                              (pattern.leading_zero ? bare_point_ : zero_point_) +
                              std::min(marked_, cells_ - marked_) + (pattern.group != 0 ? ungrouped_ : 0);
  ColumnType& type = verdict.type;
  tell_range(reading, verdict);
  if (reading.decimals == 0 && !reading.beyond_int64) {
    const bool small = reading.least >= std::numeric_limits<std::int32_t>::min() &&
                       reading.greatest <= std::numeric_limits<std::int32_t>::max();
    type.type = small ? Type::integer : Type::bigint;
    return verdict;
  }
  const int precision = std::max(1, reading.whole_digits + reading.decimals);
  if (precision > 38) return decide_real(reading);
  type.type = Type::decimal;
  type.precision = static_cast<std::uint8_t>(precision);
  type.scale = reading.decimals;
  return verdict;
}

std::optional<NumberStats::Verdict> NumberStats::decide_real(const Reading& reading) const {
  if (real_lossy_ || (alive_ & kPlainBit) == 0 || marked_ > 0) return std::nullopt;
  Verdict verdict;
  verdict.type.type = Type::real;
  NumberPattern& pattern = verdict.type.number;
  std::uint64_t best = 0;
  for (std::size_t m = 0; m < 20; ++m) {
    std::uint64_t matches = reading.trailing[m] + exponents_short_;
    for (std::size_t d = m; d < kDigits; ++d) matches += reading.natural[d];
    if (matches > best) {
      best = matches;
      pattern.min_decimals = static_cast<std::uint8_t>(m);
    }
  }
  best -= std::min(best, real_odd_);
  for (std::size_t letter = 0; letter < 2 && exponents_fixed_; ++letter) {
    for (std::size_t d = 0; d < kDigits; ++d) {
      if (exponents_fixed_->fixed[letter][d] <= best) continue;
      best = exponents_fixed_->fixed[letter][d];
      pattern.exponent = letter == 0 ? 'e' : 'E';
      pattern.min_decimals = static_cast<std::uint8_t>(d);
    }
  }
  verdict.written_otherwise = cells_ - std::min(cells_, best) + odd_ + bare_point_;
  tell_range(reading, verdict);
  return verdict;
}

// Whole numbers exactly, all others as their doubles.
void NumberStats::tell_range(const Reading& reading, Verdict& verdict) const {
  const auto plain = [](double value) {
    std::array<char, 400> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
    return std::string{text.data(), static_cast<std::size_t>(end - text.data())};
  };
  const bool whole = reading.decimals == 0 && !reading.beyond_int64 && exponents_ == 0;
  if (whole && reading.least <= reading.greatest) {
    verdict.least = std::to_string(reading.least);
    verdict.greatest = std::to_string(reading.greatest);
    return;
  }
  RealRange range = reading.reals;
  range.merge(exponent_range_);
  if (integers_ > 0) {
    range.add(static_cast<double>(least_));
    range.add(static_cast<double>(greatest_));
  }
  if (!range.any()) return;
  verdict.least = plain(range.least);
  verdict.greatest = plain(range.greatest);
}

}  // namespace sluice::csv
