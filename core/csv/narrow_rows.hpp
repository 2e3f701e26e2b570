// SPDX-License-Identifier: MIT
// Rows with little in them, kept until it is known whether rows follow: if none do they are the footer.
#pragma once
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/csv/record.hpp"

namespace sluice::csv {

class NarrowRows {
 public:
  // Nothing but empty fields, or fewer fields than columns and at most half of them filled.
  static bool is_narrow(const Record& row) {
    std::size_t filled = 0;
    for (const Field& field : row.fields) {
      filled += !field.is_null();
      if (filled * 2 > row.fields.size()) return false;
    }
    return filled == 0 || row.repair == Repair::padded;
  }

  bool empty() const { return rows_.empty(); }
  // So many are no footer; what is kept stays bounded.
  bool full() const { return rows_.size() >= kMostRows || bytes_ >= kMostBytes; }
  std::uint64_t first_offset() const { return first_offset_; }

  void add(const Record& row) {
    if (rows_.empty()) first_offset_ = row.byte_offset;
    Row& kept = rows_.emplace_back();
    kept.repaired = row.repair != Repair::none;
    kept.width = row.fields.size();
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      const Field& field = row.fields[i];
      if (field.is_null()) continue;
      kept.cells.push_back({i, std::string{field.text}, field.quoted});
      bytes_ += field.text.size() + sizeof(Cell);
    }
    bytes_ += sizeof(Row);
  }

  // Rows that follow these.
  void append(NarrowRows&& later) {
    if (rows_.empty()) {
      *this = std::move(later);
      return;
    }
    std::move(later.rows_.begin(), later.rows_.end(), std::back_inserter(rows_));
    bytes_ += later.bytes_;
  }

  // `visit(fields, repaired)` for each row, in order.
  template <typename Visit>
  void for_each(Visit visit) const {
    std::vector<Field> fields;
    for (const Row& row : rows_) {
      fields.assign(row.width, {});
      for (const Cell& cell : row.cells) fields[cell.column] = {cell.text, cell.quoted};
      visit(std::span<const Field>{fields}, row.repaired);
    }
  }

 private:
  static constexpr std::size_t kMostRows = 10'000;
  static constexpr std::size_t kMostBytes = 1 << 20;
  struct Cell {
    std::size_t column;
    std::string text;
    bool quoted;
  };
  struct Row {
    std::size_t width = 0;
    bool repaired = false;
    std::vector<Cell> cells;
  };
  std::vector<Row> rows_;
  std::size_t bytes_ = 0;
  std::uint64_t first_offset_ = 0;
};

}  // namespace sluice::csv
