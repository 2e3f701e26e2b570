// SPDX-License-Identifier: MIT
#include "core/base/uid.hpp"

#include <sys/random.h>

#include <algorithm>

#include "core/base/error.hpp"

namespace sluice {
namespace {

constexpr std::size_t kTextLength = 36;
constexpr char kDigits[] = "0123456789abcdef";

constexpr bool is_hyphen_place(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Uid Uid::random() {
  Uid uid;
  if (getrandom(uid.bytes_.data(), uid.bytes_.size(), 0) != static_cast<ssize_t>(uid.bytes_.size()))
    throw Error(Kind::internal, "internal.random", "getrandom failed");
  uid.bytes_[6] = static_cast<std::uint8_t>((uid.bytes_[6] & 0x0f) | 0x40);
  uid.bytes_[8] = static_cast<std::uint8_t>((uid.bytes_[8] & 0x3f) | 0x80);
  return uid;
}

std::optional<Uid> Uid::parse(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  Uid uid;
  std::size_t nibble = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_hyphen_place(at)) {
      if (text[at] != '-') return std::nullopt;
      continue;
    }
    const int value = digit_value(text[at]);
    if (value < 0) return std::nullopt;
    auto& byte = uid.bytes_[nibble / 2];
    byte = static_cast<std::uint8_t>(nibble % 2 == 0 ? value << 4 : byte | value);
    ++nibble;
  }
  return uid;
}

Uid Uid::from_bytes(std::string_view bytes) {
  if (bytes.size() != kBytes) throw Error(Kind::internal, "internal.uid", "a uid column is not 16 bytes");
  Uid uid;
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(uid.bytes_.data()));
  return uid;
}

std::string Uid::hex() const {
  std::string out;
  out.reserve(2 * kBytes);
  for (const std::uint8_t byte : bytes_) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string Uid::text() const {
  std::string out = hex();
  for (const std::size_t at : {8, 13, 18, 23}) out.insert(at, 1, '-');
  return out;
}

}  // namespace sluice
