// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/checksum.hpp"

#include <zlib.h>

#include "core/base/error.hpp"
#include "fcgi-app/request_error.hpp"

namespace sluice::fcgi::tus {

std::optional<Checksum> Checksum::of(const Request& request) {
  const auto header = request.header("Upload-Checksum");
  if (!header) return std::nullopt;
  const auto refuse = [](std::string what) {
    return header_error("tus.checksum_header", "Upload-Checksum", std::move(what), "value");
  };
  const auto blank = header->find(' ');
  if (blank == std::string::npos) throw refuse("must be an algorithm, a blank and the digest in base64.");
  const std::string algorithm = header->substr(0, blank);
  const auto expected = base64_decode(std::string_view(*header).substr(blank + 1));
  std::size_t length = 0;
  for (const auto& [name, bytes] : {std::pair{"sha1", 20}, {"sha256", 32}, {"md5", 16}, {"crc32", 4}})
    if (algorithm == name) length = static_cast<std::size_t>(bytes);
  if (length == 0) throw refuse("names an unknown algorithm: take sha1, sha256, md5 or crc32.");
  if (!expected) throw refuse("has a digest that is not base64.");
  if (expected->size() != length)
    throw refuse("has a digest of " + std::to_string(expected->size()) + " bytes; " + algorithm + " has " +
                 std::to_string(length) + ".");
  Checksum checksum(*expected);
  if (algorithm != "crc32") checksum.digest_.emplace(algorithm);
  return checksum;
}

void Checksum::update(std::string_view bytes) {
  if (digest_)
    digest_->update(bytes);
  else
    crc_ = static_cast<std::uint32_t>(
        ::crc32_z(crc_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

void Checksum::require_match() {
  std::string found;
  if (digest_)
    found = digest_->finish();
  else
    for (int shift = 24; shift >= 0; shift -= 8) found += static_cast<char>(crc_ >> shift & 0xff);
  if (found != expected_)
    throw Error(Kind::conflict, "tus.checksum", "the bytes do not match their checksum");
}

}  // namespace sluice::fcgi::tus
