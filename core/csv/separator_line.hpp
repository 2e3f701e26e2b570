// SPDX-License-Identifier: MIT
// `sep=;` as the first line: how a file tells Excel its delimiter. No record of the table.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::csv {

struct SeparatorLine {
  std::string delimiter;   // one character
  std::size_t length = 0;  // bytes of the line, its end included
};

// `text`: the beginning of a file in UTF-8, behind a byte order mark. The word in any case, the line in
// double quotes or not, the delimiter once or, as programs that fill lines up write it, several times.
std::optional<SeparatorLine> separator_line(std::string_view text);

}  // namespace sluice::csv
