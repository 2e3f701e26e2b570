// SPDX-License-Identifier: MIT
// A header is a row whose cells are of another kind than what stands below them: a word above numbers, dates
// or codes. Where everything is text it is a row of short, unlike names none of which comes again below.
#include "core/csv/header_guess.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "core/csv/cell_shape.hpp"

namespace sluice::csv {

namespace {

constexpr std::size_t kMaxPreamble = 100;
constexpr std::size_t kMaxHeaderRows = 13;
constexpr std::size_t kBodyRows = 200;
constexpr std::size_t kMostColumns = 2000;  // that are looked at

std::size_t filled(const HeadRecord& record) {
  return static_cast<std::size_t>(
      std::count_if(record.cells.begin(), record.cells.end(),
                    [](const std::string& cell) { return !trimmed(cell).empty(); }));
}

bool is_wordy(std::string_view cell) {
  const CellShape shape = cell_shape(cell);
  return shape == CellShape::text || shape == CellShape::code;
}

// What the cells of one column below a row have in common.
struct Below {
  CellShape shape = CellShape::text;  // text: nothing in common
  std::string signature;              // shared by all, if it holds digits
  std::size_t cells = 0;
};

class Guess {
 public:
  Guess(const std::vector<HeadRecord>& records, std::uint32_t width, const DialectOverrides& overrides)
      : records_{records}, width_{width}, overrides_{overrides} {}

  HeaderGuess run() {
    HeaderGuess guess;
    guess.width = width_;
    std::size_t start = overrides_.preamble_lines ? at_line(*overrides_.preamble_lines) : table_start();
    if (start >= records_.size()) {
      guess.preamble_lines = overrides_.preamble_lines.value_or(0);
      guess.header_rows = overrides_.header_rows.value_or(0);
      return guess;
    }
    std::vector<std::size_t> rows;
    if (overrides_.header_rows) {
      for (std::size_t i = start; i < records_.size() && rows.size() < *overrides_.header_rows; ++i)
        rows.push_back(i);
      guess.header_rows = *overrides_.header_rows;
    } else {
      rows = header_rows(start);
      guess.header_rows = static_cast<std::uint32_t>(rows.size());
    }
    guess.preamble_lines = overrides_.preamble_lines ? *overrides_.preamble_lines
                                                     : static_cast<std::uint32_t>(records_[start].line_no);
    if (!rows.empty()) name(rows, guess);
    return guess;
  }

 private:
  std::size_t at_line(std::size_t line_no) const {
    std::size_t i = 0;
    while (i < records_.size() && records_[i].line_no < line_no) ++i;
    return i;
  }

  bool may_be_preamble(std::size_t row) const {
    const HeadRecord& record = records_[row];
    if (record.broken || record.blank || record.cells.size() < width_) return true;
    if (record.cells.size() > width_ || width_ < 2 || filled(record) != 1) return false;
    // In a table of two columns one filled cell is half a row; a row of empty cells below it sets it apart.
    if (width_ == 2 && !(row + 1 < records_.size() && records_[row + 1].blank)) return false;
    return std::none_of(record.cells.begin(), record.cells.end(),
                        [](const std::string& cell) { return !trimmed(cell).empty() && !is_wordy(cell); });
  }

  std::size_t table_start() const {
    std::size_t start = 0;
    while (start < records_.size() && start < kMaxPreamble && may_be_preamble(start)) ++start;
    if (start == records_.size() || start == kMaxPreamble) return 0;
    // A header that lost a delimiter is narrower than its table.
    for (std::size_t i = start; i-- > 0;) {
      const HeadRecord& above = records_[i];
      if (above.blank) continue;
      const bool nearly =
          !above.broken && width_ >= 3 && above.cells.size() + 1 >= width_ && filled(above) > 1;
      if (nearly && looks_like_header(i) && !looks_like_header(start)) return i;
      break;
    }
    return start;
  }

  Below below(std::size_t row, std::size_t column) const {
    std::size_t shapes[7] = {};
    Below result;
    bool same = true;
    std::size_t seen = 0;
    for (std::size_t i = row + 1; i < records_.size() && seen < kBodyRows; ++i) {
      const HeadRecord& record = records_[i];
      if (record.broken || record.blank || column >= record.cells.size()) continue;
      if (same_row(record, records_[row])) continue;  // the header again
      ++seen;
      const std::string& cell = record.cells[column];
      const CellShape shape = cell_shape(cell);
      if (shape == CellShape::empty) continue;
      ++shapes[static_cast<std::size_t>(shape)];
      ++result.cells;
      const std::string signature = cell_signature(cell);
      if (result.cells == 1) result.signature = signature;
      same = same && signature == result.signature;
    }
    if (!same || result.signature.find('9') == std::string::npos) result.signature.clear();
    for (const CellShape shape : {CellShape::number, CellShape::date_or_time, CellShape::boolean,
                                  CellShape::address, CellShape::code}) {
      if (result.cells > 0 && shapes[static_cast<std::size_t>(shape)] * 3 >= result.cells * 2)
        result.shape = shape;
    }
    return result;
  }

  struct Evidence {
    std::size_t for_it = 0;
    std::size_t against = 0;
    std::size_t typed_columns = 0;  // numbers and dates below
    std::size_t wordy_over_typed = 0;
    bool body = false;  // there is something below
  };

  Evidence evidence(std::size_t row) const {
    Evidence evidence;
    const HeadRecord& record = records_[row];
    const bool counted = counts_up(row);
    for (std::size_t column = 0; column < std::min<std::size_t>(width_, kMostColumns); ++column) {
      const Below body = below(row, column);
      evidence.body |= body.cells > 0;
      const std::string_view cell =
          column < record.cells.size() ? trimmed(record.cells[column]) : std::string_view{};
      const CellShape shape = cell_shape(cell);
      const bool typed = body.shape == CellShape::number || body.shape == CellShape::date_or_time;
      evidence.typed_columns += typed;
      if (shape == CellShape::empty || body.cells == 0) continue;
      if (body.shape == CellShape::text || body.shape == CellShape::code) {
        if (body.signature.empty()) continue;
        (cell_signature(cell) == body.signature ? evidence.against : evidence.for_it) += 1;
      } else if (shape == body.shape) {
        evidence.against += shape == CellShape::number && counted ? 0 : 1;
      } else if (shape == CellShape::text || shape == CellShape::code) {
        ++evidence.for_it;
        evidence.wordy_over_typed += typed;
      }
    }
    return evidence;
  }

  // The numbers of a row where there are at least three and each is as much more, or less, than the one
  // before; none where they are not.
  static std::vector<long> progression(const HeadRecord& record) {
    std::vector<long> numbers;
    for (const std::string& cell : record.cells) {
      const std::string_view text = trimmed(cell);
      if (cell_shape(text) != CellShape::number) continue;
      long number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc{} || end != text.data() + text.size()) return {};
      numbers.push_back(number);
    }
    if (numbers.size() < 3 || numbers[1] == numbers[0]) return {};
    for (std::size_t i = 2; i < numbers.size(); ++i) {
      if (numbers[i] - numbers[i - 1] != numbers[1] - numbers[0]) return {};
    }
    return numbers;
  }

  // 2001, 2002, 2003 ... as names of columns. Other numbers are names only beside a word, or above what has
  // no name or is of another kind, and where the row below does not go on in the same way: 1,2,3 is as good a
  // first row of data.
  bool counts_up(std::size_t row) const {
    const std::vector<long> numbers = progression(records_[row]);
    if (numbers.empty()) return false;
    std::size_t next = row + 1;
    while (next < records_.size() && (records_[next].blank || same_row(records_[next], records_[row])))
      ++next;
    const std::vector<long> below =
        next < records_.size() ? progression(records_[next]) : std::vector<long>{};
    const auto are_years = [](const std::vector<long>& all) {
      return !all.empty() &&
             std::all_of(all.begin(), all.end(), [](long n) { return n >= 1800 && n < 2200; });
    };
    if (are_years(numbers)) return !are_years(below);
    const bool goes_on = !below.empty() && below[1] - below[0] == numbers[1] - numbers[0];
    return !goes_on && stands_out(row);
  }

  // Among its cells is one that is no value, or none above some, or a number above what are no numbers.
  bool stands_out(std::size_t row) const {
    const std::vector<std::string>& cells = records_[row].cells;
    for (std::size_t column = 0; column < std::min<std::size_t>(cells.size(), kMostColumns); ++column) {
      if (is_wordy(trimmed(cells[column]))) return true;
      const Below body = below(row, column);
      if (body.cells > 0 && (trimmed(cells[column]).empty() || body.shape != CellShape::number)) return true;
    }
    return false;
  }

  bool looks_like_header(std::size_t row) const {
    const HeadRecord& record = records_[row];
    if (record.broken || record.blank) return false;
    const Evidence e = evidence(row);
    if (e.for_it != e.against) return e.for_it > e.against;
    return are_names(row, e.body);
  }

  // The all-text case: unlike, short, and not repeated below.
  bool are_names(std::size_t row, bool body) const {
    const HeadRecord& record = records_[row];
    std::set<std::string> seen;
    const bool counted = counts_up(row);
    std::size_t nameless = 0;  // columns that hold something and have no name
    for (std::size_t column = 0; column < record.cells.size(); ++column) {
      const std::string_view name = trimmed(record.cells[column]);
      if (name.empty()) {
        nameless += below(row, column).cells > 0;
        continue;
      }
      const bool counts = counted && cell_shape(name) == CellShape::number;
      if (name.size() > 64 || (!is_wordy(name) && !counts) || name.find('\n') != std::string_view::npos)
        return false;
      if (!seen.insert(std::string{name}).second) return false;
    }
    if (nameless * 4 > record.cells.size() || seen.empty()) return false;
    if (!body) return true;
    for (std::size_t i = row + 1; i < records_.size() && i < row + 1 + kBodyRows; ++i) {
      if (same_row(records_[i], record)) continue;
      for (std::size_t column = 0; column < std::min(record.cells.size(), records_[i].cells.size());
           ++column) {
        if (!record.cells[column].empty() && records_[i].cells[column] == record.cells[column]) return false;
      }
    }
    return true;
  }

  std::vector<std::size_t> header_rows(std::size_t start) const {
    if (!looks_like_header(start)) return {};
    std::vector<std::size_t> rows{start};
    std::size_t next = start + 1;
    while (rows.size() < kMaxHeaderRows) {
      std::size_t candidate = next;
      while (candidate < records_.size() && records_[candidate].blank) ++candidate;
      if (candidate >= records_.size() || !goes_on(start, candidate)) break;
      for (; next <= candidate; ++next) rows.push_back(next);
    }
    return rows;
  }

  bool goes_on(std::size_t start, std::size_t row) const {
    const HeadRecord& first = records_[start];
    const HeadRecord& record = records_[row];
    if (record.broken || record.cells.size() < width_) return false;
    if (same_row(first, record)) {
      // Repeated right away it is a header of several rows; the table it heads must still come.
      return row + 1 < records_.size();
    }
    const bool wordy = std::all_of(record.cells.begin(), record.cells.end(), [](const std::string& cell) {
      return trimmed(cell).empty() || is_wordy(cell);
    });
    if (!wordy) return false;
    const Evidence e = evidence(row);
    if (!e.body || e.against > 0 || e.for_it == 0) return false;
    bool fills = false;
    for (std::size_t i = 0; i < std::min(first.cells.size(), record.cells.size()); ++i) {
      fills |= trimmed(first.cells[i]).empty() && !trimmed(record.cells[i]).empty();
    }
    if (fills) return true;
    return e.typed_columns >= 2 && e.wordy_over_typed == e.typed_columns;
  }

  static bool same_row(const HeadRecord& a, const HeadRecord& b) {
    return a.cells.size() == b.cells.size() &&
           std::equal(a.cells.begin(), a.cells.end(), b.cells.begin(), [](const auto& x, const auto& y) {
             return equal_ignoring_case(trimmed(x), trimmed(y));
           });
  }

  void name(const std::vector<std::size_t>& rows, HeaderGuess& guess) const {
    std::vector<std::string> names = records_[rows[0]].cells;
    for (std::size_t r = 1; r < rows.size(); ++r) {
      const HeadRecord& row = records_[rows[r]];
      if (row.blank) continue;
      std::string left;
      names.resize(std::max(names.size(), row.cells.size()));
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (!trimmed(names[i]).empty()) left = names[i];
        const std::string_view part = i < row.cells.size() ? trimmed(row.cells[i]) : std::string_view{};
        if (part.empty()) continue;
        // An empty cell above belongs to the group that begins left of it.
        if (trimmed(names[i]).empty()) names[i] = left;
        if (!names[i].empty()) names[i] += ' ';
        names[i] += part;
      }
    }
    while (names.size() > guess.width) {
      const auto empty =
          std::find_if(names.begin(), names.end(), [](const auto& n) { return trimmed(n).empty(); });
      if (empty == names.end()) break;
      names.erase(empty);
    }
    // Every name gets a column, even where the rows below are shorter.
    guess.width = std::max(guess.width, static_cast<std::uint32_t>(names.size()));
    names.resize(guess.width);
    guess.names = std::move(names);
  }

  const std::vector<HeadRecord>& records_;
  std::uint32_t width_;
  const DialectOverrides& overrides_;
};

}  // namespace

HeaderGuess guess_header(const std::vector<HeadRecord>& records, std::uint32_t width,
                         const DialectOverrides& overrides) {
  return Guess{records, width, overrides}.run();
}

}  // namespace sluice::csv
