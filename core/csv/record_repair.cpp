// SPDX-License-Identifier: MIT
// A shortest path: nodes are (start of a field, fields before it), an edge is one way to read the field that
// starts there, its length is the number of quotes taken literally. Few nodes exist, because only quotes give
// a choice.
#include "core/csv/record_repair.hpp"

#include <algorithm>
#include <map>

namespace sluice::csv {

namespace {

constexpr std::size_t kMaxLine =
    128 << 10;  // the search keeps up to some dozens of bytes for each byte of the line
constexpr std::size_t kNone = ~std::size_t{0};

struct Node {
  std::size_t fields = 0;  // before this position
  std::uint32_t cost = 0;
  std::uint32_t ways = 1;  // how many readings cost the same, at most 2
  std::size_t from = kNone;
  Field field;  // the one that led here
};

class Search {
 public:
  Search(const RecordParser& parser, std::string_view line, std::size_t width)
      : parser_{parser}, line_{line}, width_{width}, steps_left_{16 * line.size() + 4096} {}

  RepairOutcome run(std::vector<Field>& fields, std::vector<std::uint32_t>& escaped) {
    nodes_.push_back({});
    open_[0].push_back(0);
    while (!open_.empty()) {
      const auto first = open_.begin();
      const std::size_t start = first->first;
      if (start > line_.size()) break;
      const std::vector<std::size_t> here = std::move(first->second);
      open_.erase(first);
      if (!expand(start, here)) return RepairOutcome::too_hard;
    }
    std::size_t best = kNone;
    for (const auto& [start, here] : open_) {
      for (const std::size_t node : here) {
        if (nodes_[node].fields == width_) best = node;
      }
    }
    if (best == kNone) return RepairOutcome::none;
    if (nodes_[best].ways > 1) return RepairOutcome::ambiguous;
    fields.clear();
    escaped.clear();
    for (std::size_t node = best; node != 0; node = nodes_[node].from) fields.push_back(nodes_[node].field);
    std::reverse(fields.begin(), fields.end());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const bool holds =
          fields[i].text.find(parser_.quote()) != std::string_view::npos ||
          (parser_.escape() != 0 && fields[i].text.find(parser_.escape()) != std::string_view::npos);
      if (fields[i].quoted && holds) escaped.push_back(static_cast<std::uint32_t>(i));
    }
    return RepairOutcome::found;
  }

 private:
  // A field ends at `at`: 0 no, else where the next one starts (past the line's end after the last).
  std::size_t after_end(std::size_t at) const {
    if (at == line_.size()) return line_.size() + 1;
    const std::string_view delimiter = parser_.delimiter();
    if (!delimiter.empty() && line_.compare(at, delimiter.size(), delimiter) == 0)
      return at + delimiter.size();
    return 0;
  }

  bool spend(std::size_t steps) {
    if (steps > steps_left_) return false;
    steps_left_ -= steps;
    return true;
  }

  bool expand(std::size_t start, const std::vector<std::size_t>& here) {
    const std::string_view delimiter = parser_.delimiter();
    std::size_t end = delimiter.empty() ? std::string_view::npos : line_.find(delimiter, start);
    if (end == std::string_view::npos) end = line_.size();
    if (!spend(end - start + 1)) return false;
    const std::string_view bare = line_.substr(start, end - start);
    const auto quotes = static_cast<std::uint32_t>(std::count(bare.begin(), bare.end(), parser_.quote()));
    if (!lead(here, {bare, false}, quotes, after_end(end))) return false;
    return start >= line_.size() || line_[start] != parser_.quote() || expand_quoted(start, here);
  }

  bool expand_quoted(std::size_t start, const std::vector<std::size_t>& here) {
    std::uint32_t cost = 0;
    std::size_t at = start + 1;
    while (at < line_.size()) {
      if (!spend(1)) return false;
      if (parser_.escape() != 0 && line_[at] == parser_.escape() && at + 1 < line_.size() &&
          (line_[at + 1] == parser_.quote() || line_[at + 1] == parser_.escape())) {
        at += 2;
        continue;
      }
      if (line_[at] != parser_.quote()) {
        ++at;
        continue;
      }
      std::size_t run_end = at;
      while (run_end < line_.size() && line_[run_end] == parser_.quote()) ++run_end;
      const bool odd = (run_end - at) % 2 == 1;
      const std::size_t next = after_end(run_end);
      if (next != 0) {
        const Field field{line_.substr(start + 1, run_end - 1 - (start + 1)), true};
        if (!lead(here, field, cost + (odd ? 0 : 1), next)) return false;
        if (odd) return true;  // a quote before a delimiter closes
      } else if (odd) {
        ++cost;
      }
      at = run_end;
    }
    return true;
  }

  bool lead(const std::vector<std::size_t>& here, const Field& field, std::uint32_t cost, std::size_t next) {
    if (!spend(here.size())) return false;
    std::vector<std::size_t>& there = open_[next];
    for (const std::size_t from : here) {
      const Node node{nodes_[from].fields + 1, nodes_[from].cost + cost, nodes_[from].ways, from, field};
      if (node.fields > width_ || (next > line_.size() && node.fields != width_)) continue;
      const auto same = std::find_if(there.begin(), there.end(),
                                     [&](std::size_t other) { return nodes_[other].fields == node.fields; });
      if (!spend(there.size())) return false;
      if (same == there.end()) {
        there.push_back(nodes_.size());
        nodes_.push_back(node);
      } else if (node.cost < nodes_[*same].cost) {
        nodes_[*same] = node;
      } else if (node.cost == nodes_[*same].cost) {
        nodes_[*same].ways = 2;
      }
    }
    return true;
  }

  const RecordParser& parser_;
  std::string_view line_;
  std::size_t width_;
  std::size_t steps_left_;
  std::vector<Node> nodes_;
  std::map<std::size_t, std::vector<std::size_t>> open_;  // by position, nodes yet to be gone on from
};

}  // namespace

RepairOutcome repair_line(const RecordParser& parser, std::string_view line, std::size_t width,
                          std::vector<Field>& fields, std::vector<std::uint32_t>& escaped) {
  if (parser.quote() == 0 || width == 0) return RepairOutcome::none;
  if (line.size() > kMaxLine) return RepairOutcome::too_hard;
  return Search{parser, line, width}.run(fields, escaped);
}

}  // namespace sluice::csv
