// SPDX-License-Identifier: MIT
#include "core/db/bulk_column.hpp"

namespace sluice::db {

using Native = BulkInsert::Native;

void BulkColumn::reserve(std::size_t rows) {
  indicators.resize(rows);
  switch (native) {
    case Native::integer:
      integers.resize(rows);
      break;
    case Native::real:
      reals.resize(rows);
      break;
    case Native::text:
      offsets.resize(rows);
      lengths.resize(rows);
      texts.resize(rows);
      break;
    default:
      times.resize(rows);
      time_pointers.resize(rows);
      for (std::size_t i = 0; i < rows; ++i) time_pointers[i] = &times[i];
  }
}

void* BulkColumn::data() {
  switch (native) {
    case Native::integer:
      return integers.data();
    case Native::real:
      return reals.data();
    case Native::text:
      return texts.data();
    default:
      return time_pointers.data();
  }
}

enum_field_types BulkColumn::type() const {
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

}  // namespace sluice::db
