// SPDX-License-Identifier: MIT
// Uid: the public name of a thing, a random UUID (RFC 9562, version 4).
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

class Uid {
 public:
  static constexpr std::size_t kBytes = 16;

  /// A new random one, from the kernel's generator. Throws internal when that fails.
  static Uid random();
  /// The canonical form only: 36 characters, lower-case hex, hyphens at 8, 13, 18, 23; anything else is
  /// nothing.
  static std::optional<Uid> parse(std::string_view text);
  /// From a BINARY(16) column; throws internal when it is not 16 bytes.
  static Uid from_bytes(std::string_view bytes);

  std::string text() const;  ///< canonical form, 36 characters
  std::string hex() const;   ///< 32 hex digits without hyphens: names of files
  /// 16 bytes, for a BINARY(16) parameter; valid while this Uid lives.
  std::string_view bytes() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }
  auto operator<=>(const Uid&) const = default;

 private:
  std::array<std::uint8_t, kBytes> bytes_{};
};

}  // namespace sluice
