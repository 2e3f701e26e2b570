// SPDX-License-Identifier: MIT
// The one strict reader of lengths and offsets: [0-9]{1,19} that fit a signed 64-bit number, nothing else.
#pragma once
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace sluice::fcgi {

/// Nothing for signs, blanks, other digits, more than 19 of them, or a number above 2^63-1.
inline std::optional<std::uint64_t> parse_integer(std::string_view text) {
  if (text.empty() || text.size() > 19) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return value;
}

}  // namespace sluice::fcgi
