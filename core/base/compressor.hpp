// SPDX-License-Identifier: MIT
// Compressor: makes members of a gzip file (RFC 1952) or frames of a zstd file (RFC 8878). Members one after
// the other are one file for every reader, and a member's bytes depend on what was given to it alone: so work
// that goes on at a member's start writes the same file as work that was never interrupted.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

enum class Compression { none, gzip, zstd };
inline constexpr std::array kCompressions{Compression::none, Compression::gzip, Compression::zstd};
std::string_view name_of(Compression compression);  ///< "none", "gzip", "zstd"
std::optional<Compression> parse_compression(std::string_view name);
std::string_view suffix_of(Compression compression);  ///< "", ".gz", ".zst"

class Compressor {
 public:
  explicit Compressor(Compression compression);
  ~Compressor();
  Compressor(Compressor&&) noexcept;

  /// Adds to the member; what is ready is appended to `out`.
  void add(std::string_view bytes, std::string& out);
  /// Ends the member. One that got nothing writes nothing.
  void end_member(std::string& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice
