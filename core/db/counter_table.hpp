// SPDX-License-Identifier: MIT
// Table `counters`: what the runners counted since the database was made, for /metrics.
#pragma once
#include <string>
#include <vector>

#include "core/db/connection.hpp"

namespace sluice::db {

struct Counted {
  std::string name;
  std::string part;  ///< of a histogram: the bucket's upper bound, or "sum"; else empty
  double value = 0;
};

/// Adds to what is stored, all in one statement. Give them in one order everywhere (by name and part).
void add_counted(Connection& connection, const std::vector<Counted>& counted);
std::vector<Counted> all_counted(Connection& connection);

}  // namespace sluice::db
