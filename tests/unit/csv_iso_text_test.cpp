// SPDX-License-Identifier: MIT
#include "core/csv/iso_text.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "core/csv/type_profile.hpp"

using namespace sluice::csv;

namespace {

/// The number that the digits are; -1: they are none.
int number_of(std::string_view digits) {
  int number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

/// Read without any haste, by the words of ISO 8601.
bool is_datetime(const std::string& text) {
  if (text[4] != '-' || text[7] != '-' || text[10] != ' ' || text[13] != ':' || text[16] != ':') return false;
  const int year = number_of(text.substr(0, 4)), month = number_of(text.substr(5, 2)),
            day = number_of(text.substr(8, 2)), hour = number_of(text.substr(11, 2)),
            minute = number_of(text.substr(14, 2)), second = number_of(text.substr(17, 2));
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int february = leap ? 29 : 28;
  const bool short_month = month == 4 || month == 6 || month == 9 || month == 11;
  return day <= (month == 2 ? february : short_month ? 30 : 31);
}

std::string two(int number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_iso_text)

BOOST_AUTO_TEST_CASE(every_day_and_no_other_is_read) {
  for (const int year : {0, 1, 1900, 2000, 2016, 2017, 9999}) {
    for (int month = 0; month < 100; ++month) {
      for (int day = 0; day < 100; ++day) {
        const std::string text = two(year / 100) + two(year % 100) + "-" + two(month) + "-" + two(day);
        Date date;
        const bool read = read_iso_date(text.data(), date);
        if (read != is_datetime(text + " 00:00:00")) BOOST_ERROR(text);
        if (read && date != Date{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                                 static_cast<std::uint8_t>(day)})
          BOOST_ERROR(text << " as another day");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_second_of_a_day_and_no_other_is_read) {
  for (int hour = 0; hour < 100; ++hour) {
    for (int minute = 0; minute < 100; ++minute) {
      for (int second = 0; second < 100; ++second) {
        const std::string text = two(hour) + ":" + two(minute) + ":" + two(second);
        TimeOfDay time;
        const bool read = read_iso_time(text.data(), time);
        if (read != (hour < 24 && minute < 60 && second < 60)) BOOST_ERROR(text);
        if (read && time != TimeOfDay{static_cast<std::uint8_t>(hour), static_cast<std::uint8_t>(minute),
                                      static_cast<std::uint8_t>(second), 0})
          BOOST_ERROR(text << " as another second");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(any_byte_at_any_place_is_judged) {
  for (const char* model : {"2016-02-28 10:09:59", "1999-12-31 23:59:59", "2000-01-10 00:00:00"}) {
    for (std::size_t place = 0; place < kIsoDateTimeSize; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = model;
        text[place] = static_cast<char>(byte);
        DateTime value;
        if (read_iso_datetime(text.data(), value) != is_datetime(text))
          BOOST_ERROR(model << " with byte " << byte << " at " << place);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(blocks_have_the_ranges_of_their_own_cells) {
  TypeProfile profile;
  const auto block_of = [&](std::initializer_list<const char*> cells) {
    for (const char* cell : cells) profile.add({cell, false});
    const DateRange range = profile.take_block();
    return std::pair{from_microseconds(range.least[0]).date, from_microseconds(range.greatest[0]).date};
  };
  const auto day = [](int month, int day) {
    return Date{2017, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
  };
  BOOST_TEST((block_of({"2017-05-05", "2017-01-01", "2017-12-31", "2017-06-06"}) ==
              std::pair{day(1, 1), day(12, 31)}));
  BOOST_TEST((block_of({"2017-03-04", "2017-03-03", "2017-03-05"}) == std::pair{day(3, 3), day(3, 5)}));
  BOOST_TEST((block_of({"2017-11-2", "2017-12-10"}) == std::pair{day(11, 2), day(12, 10)}));
  BOOST_TEST((block_of({"2017-02-10", "2017-02-11", "2017-02-12"}) == std::pair{day(2, 10), day(2, 12)}));
  std::vector<TypeProfile> profiles;
  profiles.push_back(std::move(profile));
  const ColumnVerdict verdict = decide(profiles)[0];
  BOOST_TEST((verdict.type.type == Type::date));
  BOOST_TEST(verdict.written_otherwise == 1u);  // 2017-11-2
  BOOST_TEST((from_microseconds(*verdict.least).date == day(1, 1)));
  BOOST_TEST((from_microseconds(*verdict.greatest).date == day(12, 31)));
}

BOOST_AUTO_TEST_SUITE_END()
