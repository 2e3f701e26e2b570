// SPDX-License-Identifier: MIT
// One column's cells of the array that a BulkInsert fills, as the library wants them. For bulk_insert.cpp
// only.
#pragma once
#include <cstdint>
#include <vector>

#include "core/db/bulk_insert.hpp"
#include "core/db/mariadb.hpp"

namespace sluice::db {

struct BulkColumn {
  BulkInsert::Native native = BulkInsert::Native::text;
  std::vector<char> indicators;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::size_t> offsets;  ///< of texts, in the arena
  std::vector<unsigned long> lengths;
  std::vector<char*> texts;
  std::vector<MYSQL_TIME> times;
  std::vector<MYSQL_TIME*> time_pointers;

  void reserve(std::size_t rows);
  void* data();
  enum_field_types type() const;
};

}  // namespace sluice::db
