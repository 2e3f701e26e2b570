// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <string>

namespace sluice::db {

/// "(?,?,?)": as many places for values as a list has; at least one, since IN () is no SQL.
inline std::string placeholders(std::size_t count) {
  std::string text = "(?";
  for (std::size_t i = 1; i < count; ++i) text += ",?";
  return text + ")";
}

}  // namespace sluice::db
