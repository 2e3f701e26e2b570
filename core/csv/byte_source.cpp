// SPDX-License-Identifier: MIT
#include "core/csv/byte_source.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::csv {

std::size_t MemorySource::read(std::uint64_t offset, std::span<char> into) {
  if (offset >= bytes_.size()) return 0;
  const std::size_t n = std::min<std::size_t>(into.size(), bytes_.size() - offset);
  std::memcpy(into.data(), bytes_.data() + offset, n);
  return n;
}

}  // namespace sluice::csv
