// SPDX-License-Identifier: MIT
// Is this text at all, and in which encoding?
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/csv/dialect.hpp"

namespace sluice::csv {

// A sentence when the bytes are those of something else than text; empty for text.
std::string not_text_reason(std::string_view head);

struct EncodingGuess {
  Encoding encoding = Encoding::utf8;
  std::uint8_t bom_bytes = 0;
};
// By the byte order mark, by where zero bytes stand, else UTF-8.
EncodingGuess guess_encoding(std::string_view head);

// The bytes as UTF-8. Nothing is lost but bytes that are invalid in UTF-8, which stay as they are.
std::string decoded(std::string_view bytes, Encoding encoding);

}  // namespace sluice::csv
