// SPDX-License-Identifier: MIT
// Finds a column's type from all of its cells: a cell only ever takes candidates away, so the last row counts
// as much as the first. Profiles of two halves merge into the profile of the whole.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/csv/column_type.hpp"
#include "core/csv/date_range.hpp"
#include "core/csv/distinct_sketch.hpp"

namespace sluice::csv {

struct ColumnVerdict {
  ColumnType type;
  DateOrder order = DateOrder::none;  // of columns that write their dates in digits
  bool order_of_others = false;  // its own cells leave it open: it is what other columns of the file prove
  std::uint64_t cells = 0;
  std::uint64_t nulls = 0;              // cells that become NULL
  std::uint64_t written_otherwise = 0;  // cells that go to the side store, about
  std::uint32_t max_bytes = 0;          // longest cell in UTF-8
  // Least and greatest value of a date or datetime column, as to_microseconds() gives them.
  std::optional<std::int64_t> least, greatest;
  // Of a column of numbers (plain) or texts (the first 100 bytes).
  std::optional<std::string> least_text, greatest_text;
  DistinctSketch distinct;  // of all cells that are not NULL, as they are written
};

class TypeProfile {
 public:
  TypeProfile();
  ~TypeProfile();
  TypeProfile(TypeProfile&&) noexcept;
  TypeProfile& operator=(TypeProfile&&) noexcept;

  void add(const Field& field);
  // The column is text whatever comes.
  void stay_text();
  // These words stand for NULL, whatever the column turns out to be, and no others do. Before the first cell.
  void take_null_words(std::vector<std::string> words);
  // Least and greatest date of the cells since the last call, under each order that is possible.
  DateRange take_block();
  // No cell has excluded that yet.
  bool may_be_number() const;
  bool may_be_date() const;  // or a time
  // `later` is of cells that follow these in the same column.
  void merge(const TypeProfile& later);
  class Impl;
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// The verdicts on all columns of one file together: a column whose dates could be d/m or m/d takes the order
// that its siblings prove.
std::vector<ColumnVerdict> decide(std::span<const TypeProfile> profiles);

}  // namespace sluice::csv
