// SPDX-License-Identifier: MIT
#include "core/csv/names.hpp"

#include <algorithm>
#include <set>

#include "core/csv/cell_shape.hpp"

namespace sluice::csv {

namespace {

std::string folded(std::string_view name) {
  std::string key{name};
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key;
}

}  // namespace

std::vector<std::string> shown_names(const std::vector<std::string>& originals) {
  std::vector<std::string> names;
  std::set<std::string> existing;  // as they stand in the file: a suffix must not meet one of them
  for (std::size_t i = 0; i < originals.size(); ++i) {
    const std::string_view name = trimmed(originals[i]);
    names.push_back(name.empty() ? "column_" + std::to_string(i + 1) : std::string{name});
    if (!name.empty()) existing.insert(folded(name));
  }
  std::set<std::string> taken;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string candidate = names[i];
    const bool generated = trimmed(originals[i]).empty();
    for (std::size_t n = 2; taken.count(folded(candidate)) != 0 ||
                            ((generated || n > 2) && existing.count(folded(candidate)) != 0);
         ++n) {
      candidate = names[i] + "_" + std::to_string(n);
    }
    taken.insert(folded(candidate));
    names[i] = std::move(candidate);
  }
  return names;
}

std::vector<std::string> generated_names(std::size_t columns) {
  std::vector<std::string> names;
  names.reserve(columns);
  for (std::size_t i = 0; i < columns; ++i) names.push_back("col_" + std::to_string(i));
  return names;
}

}  // namespace sluice::csv
