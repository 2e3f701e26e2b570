// SPDX-License-Identifier: MIT
#include "core/csv/separator_line.hpp"

#include <algorithm>

#include "core/base/utf8.hpp"
#include "core/csv/cell_shape.hpp"

namespace sluice::csv {

std::optional<SeparatorLine> separator_line(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  std::string_view line = text.substr(0, end);
  if (line.size() > 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  constexpr std::string_view kWord = "sep=";
  if (!equal_ignoring_case(line.substr(0, kWord.size()), kWord)) return std::nullopt;
  line.remove_prefix(kWord.size());
  char32_t character = 0;
  const std::size_t bytes = utf8_character(line, character);
  if (bytes == 0 || character == '"' || (character < ' ' && character != '\t')) return std::nullopt;
  SeparatorLine found{std::string(line.substr(0, bytes)), end};
  for (; !line.empty(); line.remove_prefix(bytes))
    if (!line.starts_with(found.delimiter)) return std::nullopt;
  if (text.substr(end).starts_with("\r\n"))
    found.length += 2;
  else if (end < text.size())
    found.length += 1;
  return found;
}

}  // namespace sluice::csv
