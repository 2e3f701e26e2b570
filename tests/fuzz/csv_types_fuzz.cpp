// SPDX-License-Identifier: MIT
// Any cells as one column: each comes back from the rule or is marked for the side store, and halves merge. A
// first line
// "=a=b" makes a and b the words for NULL.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/type_profile.hpp"

using namespace sluice::csv;

namespace {

void require(bool good) {
  if (!good) std::abort();
}

// Takes the first line off when it gives words.
std::optional<std::vector<std::string>> words_of(std::string_view& text) {
  if (!text.starts_with('=')) return std::nullopt;
  std::string_view line =
      text.substr(1, text.find('\n') == std::string_view::npos ? text.size() : text.find('\n') - 1);
  text.remove_prefix(std::min(text.size(), line.size() + 2));
  std::vector<std::string> words;
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find('='));
    if (!word.empty()) words.emplace_back(word);
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
  return words;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto words = words_of(text);
  std::vector<Field> cells;
  while (!text.empty()) {
    const std::string_view cell = text.substr(0, text.find('\n'));
    cells.push_back({cell, cell.empty() && text.size() % 2 == 0});
    text.remove_prefix(cell.size() < text.size() ? cell.size() + 1 : cell.size());
  }
  std::vector<TypeProfile> whole(1), halves(1);
  TypeProfile second;
  for (TypeProfile* profile : {&whole[0], &halves[0], &second})
    if (words) profile->take_null_words(*words);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    whole[0].add(cells[i]);
    (i * 2 < cells.size() ? halves[0] : second).add(cells[i]);
  }
  halves[0].merge(second);
  const ColumnVerdict verdict = decide(whole)[0];
  require(decide(halves)[0].type == verdict.type);
  const auto type = decode_column_type(encode(verdict.type));
  require(type && *type == verdict.type);
  for (const Field& cell : cells) {
    const ParsedCell parsed = parse_cell(*type, cell);
    require(parsed.status == CellStatus::exact || parsed.status == CellStatus::written_otherwise);
    std::string written, typed;
    const bool shown = render_cell(*type, parsed.value, written);
    render_typed(*type, parsed.value, typed);
    require((parsed.status == CellStatus::exact) == (written == cell.text && shown != cell.is_null()));
  }
  return 0;
}
