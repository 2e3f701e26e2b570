// SPDX-License-Identifier: MIT
// Upload-Checksum (tus 1.0.0, "Checksum"): sha1, sha256, md5 as raw bytes in base64; crc32 as 4 bytes, the
// highest first.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/digest.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi::tus {

class Checksum {
 public:
  /// Nothing without the header. Error invalid `tus.checksum_header` for an unknown algorithm or bad base64.
  static std::optional<Checksum> of(const Request& request);
  void update(std::string_view bytes);
  /// Error conflict `tus.checksum` (460) when the bytes are not those that were announced. Ends its use.
  void require_match();

 private:
  explicit Checksum(std::string expected) : expected_(std::move(expected)) {}
  std::string expected_;          // raw
  std::optional<Digest> digest_;  // nothing: crc32
  std::uint32_t crc_ = 0;
};

}  // namespace sluice::fcgi::tus
