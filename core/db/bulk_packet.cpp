// SPDX-License-Identifier: MIT
#include "core/db/bulk_packet.hpp"

#include <algorithm>

#include "core/db/mariadb.hpp"

namespace sluice::db {
namespace {

using Native = BulkInsert::Native;

enum_field_types type_of(Native native) {
  switch (native) {
    case Native::integer:
      return MYSQL_TYPE_LONGLONG;
    case Native::real:
      return MYSQL_TYPE_DOUBLE;
    case Native::text:
      return MYSQL_TYPE_STRING;
    case Native::date:
      return MYSQL_TYPE_DATE;
    case Native::datetime:
      return MYSQL_TYPE_DATETIME;
    case Native::time:
      return MYSQL_TYPE_TIME;
  }
  return MYSQL_TYPE_STRING;
}

}  // namespace

BulkPacket::BulkPacket(std::uint32_t statement_id, std::span<const Native> columns) {
  put(statement_id);
  put<std::uint16_t>(STMT_BULK_FLAG_CLIENT_SEND_TYPES);
  for (const Native native : columns) {
    put(static_cast<std::uint8_t>(type_of(native)));
    put<std::uint8_t>(0);  // signed
  }
  head_ = size_;
}

void BulkPacket::add(std::string_view text) {
  const std::size_t size = text.size();
  if (size < 251) {
    put_value(static_cast<std::uint8_t>(size));
  } else if (size <= UINT16_MAX) {
    put<std::uint16_t>(kValue | 0xFC << 8);
    put(static_cast<std::uint16_t>(size));
  } else {
    put_value(static_cast<std::uint32_t>(0xFD | size << 8));
  }
  if (size != 0) std::memcpy(room(size), text.data(), size);
}

void BulkPacket::add(const csv::Date& date) {
  put<std::uint16_t>(kValue | 4 << 8);
  put_date(date);
}

void BulkPacket::add(const csv::DateTime& datetime) {
  const bool fraction = datetime.time.microsecond != 0;
  put(static_cast<std::uint16_t>(kValue | (fraction ? 11 : 7) << 8));
  put_date(datetime.date);
  put_time(datetime.time);
}

void BulkPacket::add(const csv::TimeOfDay& time) {
  const bool fraction = time.microsecond != 0;
  put(static_cast<std::uint16_t>(kValue | (fraction ? 12 : 8) << 8));
  put<std::uint8_t>(0);   // not negative
  put<std::uint32_t>(0);  // days
  put_time(time);
}

void BulkPacket::put_date(const csv::Date& date) {
  put(static_cast<std::uint16_t>(date.year));
  put(date.month);
  put(date.day);
}

void BulkPacket::put_time(const csv::TimeOfDay& time) {
  put(time.hour);
  put(time.minute);
  put(time.second);
  if (time.microsecond != 0) put(time.microsecond);
}

void BulkPacket::clear() {
  size_ = head_;
  rows_ = 0;
  constexpr std::size_t kKept = 4 * BulkInsert::kBytesPerPacket;
  if (bytes_.size() > kKept) {  // one huge record must not stay for ever
    bytes_.resize(kKept);
    bytes_.shrink_to_fit();
  }
}

void BulkPacket::grow(std::size_t bytes) {
  constexpr std::size_t kFirst = 64 << 10;
  bytes_.resize(std::max({2 * bytes_.size(), size_ + bytes, kFirst}));
}

}  // namespace sluice::db
