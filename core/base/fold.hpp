// SPDX-License-Identifier: MIT
// Names that people type: NFC for what is shown, NFC and case fold for what is compared (Unicode 15, by ICU).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Normalization form C (Unicode Standard Annex 15), without white space at both ends (Pattern_White_Space
/// and White_Space). Nothing when `text` is not UTF-8 or holds a control character.
std::optional<std::string> clean_name(std::string_view text);

/// What two names are compared by: NFC, full case folding (Unicode, section 3.13), NFC again, white space at
/// both ends taken away and runs of it inside become one space. "ＣＡＦÉ", "Café" and "café" are not all
/// alike: width is kept. Bad UTF-8 becomes U+FFFD.
std::string name_key(std::string_view text);

/// How many characters (code points) a UTF-8 text has; each bad byte counts as one.
std::size_t count_characters(std::string_view text);

/// Edits (insert, delete, replace, swap of neighbours; code points) that turn one text into the other, or
/// `limit` + 1 when there are more than `limit`.
std::uint32_t edit_distance(std::string_view a, std::string_view b, std::uint32_t limit);

}  // namespace sluice
