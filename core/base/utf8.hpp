// SPDX-License-Identifier: MIT
// UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace sluice {

/// Bytes of the character that `text` begins with, 1 to 4; 0 when there is none or it is no UTF-8.
/// `code_point` is set.
std::size_t utf8_character(std::string_view text, char32_t& code_point);

/// Bytes before the first one that is not ASCII.
std::size_t ascii_prefix(std::string_view text);
bool is_ascii(std::string_view text);
bool is_utf8(std::string_view text);
/// At most so many characters from the start of valid UTF-8.
std::string first_characters(std::string_view text, std::size_t most);

}  // namespace sluice
