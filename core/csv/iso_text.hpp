// SPDX-License-Identifier: MIT
// "2017-12-31" and "23:59:59" (ISO 8601, extended format), the commonest dates and times, read eight
// characters at a time.
#pragma once
#include <cstdint>
#include <string_view>

#include "core/csv/text_words.hpp"
#include "core/csv/value.hpp"

namespace sluice::csv {

inline constexpr std::size_t kIsoDateSize = 10, kIsoDateTimeSize = 19;

/// Eight characters of a form: a digit where the form has '0', the form's own character elsewhere.
class IsoWord {
 public:
  constexpr explicit IsoWord(std::string_view form) {
    for (std::size_t i = 0; i < 8; ++i) {
      form_ |= std::uint64_t{static_cast<std::uint8_t>(form[i])} << (8 * i);
      room_ |= std::uint64_t{form[i] == '0' ? 0x76U : 0x7FU} << (8 * i);
    }
  }

  /// Reads eight characters. False: they are not of this form.
  bool read(const char* at) {
    constexpr std::uint64_t kHigh = 0x8080808080808080U;
    const std::uint64_t found = load_word<std::uint64_t>(at) ^ form_;
    pairs_ = found * 10 + (found >> 8);  // what each digit makes with the next one: no byte of it overflows
    return ((((found & ~kHigh) + room_) | found) & kHigh) == 0;
  }
  /// Of the digits at `place` and behind it.
  unsigned pair(unsigned place) const { return static_cast<unsigned>(pairs_ >> (8 * place)) & 0xFF; }

 private:
  std::uint64_t form_ = 0;  // first character in the lowest byte
  std::uint64_t room_ = 0;  // what sets a byte's highest bit when added to one that is no digit, or not zero
  std::uint64_t pairs_ = 0;
};

/// Of ten characters. False: no date of this form, or no day of the calendar.
inline bool read_iso_date(const char* at, Date& date) {
  IsoWord year_month("0000-00-"), month_day("00-00-00");
  if (!year_month.read(at) || !month_day.read(at + 2)) return false;
  date = {static_cast<std::int16_t>(year_month.pair(0) * 100 + year_month.pair(2)),
          static_cast<std::uint8_t>(year_month.pair(5)), static_cast<std::uint8_t>(month_day.pair(6))};
  const bool in_any_month = date.month - 1U < 12 && date.day - 1U < 28 && date.year != 0;
  return in_any_month || is_valid(date);
}

/// Of eight characters. False: no time of this form, or none of a day.
inline bool read_iso_time(const char* at, TimeOfDay& time) {
  IsoWord word("00:00:00");
  if (!word.read(at)) return false;
  time = {static_cast<std::uint8_t>(word.pair(0)), static_cast<std::uint8_t>(word.pair(3)),
          static_cast<std::uint8_t>(word.pair(6)), 0};
  return time.hour < 24 && time.minute < 60 && time.second < 60;
}

/// "2017-12-31 23:59:59", 19 characters.
inline bool read_iso_datetime(const char* at, DateTime& value) {
  return read_iso_date(at, value.date) && at[kIsoDateSize] == ' ' &&
         read_iso_time(at + kIsoDateSize + 1, value.time);
}

}  // namespace sluice::csv
