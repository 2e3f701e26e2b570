// SPDX-License-Identifier: MIT
// Digests by OpenSSL: SHA-256 for our own use, and those that tus' checksum extension names.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Incremental digest. Algorithms: "sha1", "sha256", "md5" (crc32 is fcgi-app's own matter).
class Digest {
 public:
  /// Throws Error invalid `digest.algorithm` for an unknown name.
  explicit Digest(std::string_view algorithm = "sha256");
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  void update(std::string_view bytes);
  std::string finish();  ///< the raw bytes; the object is used up

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string sha256(std::string_view bytes);         ///< 32 raw bytes
std::string to_hex(std::string_view bytes);         ///< lower case
std::string base64_encode(std::string_view bytes);  ///< RFC 4648 section 4, padded
/// The same back; nothing for blanks, line ends, missing padding, other alphabets, or bits that are not zero.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace sluice
