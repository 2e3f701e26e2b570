// SPDX-License-Identifier: MIT
// How well a dialect explains the samples of a file.
#pragma once
#include <cstddef>

#include "core/csv/dialect.hpp"
#include "core/csv/sample.hpp"

namespace sluice::csv {

struct DialectScore {
  double value = 0;
  std::size_t width = 1;   // the commonest number of fields
  double consistency = 0;  // how regular the widths are, 0-1
  bool half_alone =
      false;  // the delimiter is a character twice that stands alone in some field without quotes
};

DialectScore score_dialect(const Samples& samples, const Dialect& dialect);

}  // namespace sluice::csv
