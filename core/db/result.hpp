// SPDX-License-Identifier: MIT
// Rows of a finished SELECT, every value as text (numbers in decimal, times "2017-03-01 12:00:00.000000").
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/uid.hpp"

namespace sluice::db {

/// One row; columns count from 0 in the order of the SELECT. The typed getters throw Error internal when the
/// value is NULL or no such number: that is a defect of ours.
class Row {
 public:
  explicit Row(std::vector<std::optional<std::string>> fields) : fields_(std::move(fields)) {}
  bool is_null(std::size_t column) const { return !fields_.at(column).has_value(); }
  const std::string& text(std::size_t column) const;
  std::uint64_t u64(std::size_t column) const;
  std::int64_t i64(std::size_t column) const;
  double real(std::size_t column) const;
  bool flag(std::size_t column) const { return i64(column) != 0; }
  Uid uid(std::size_t column) const { return Uid::from_bytes(text(column)); }
  const std::optional<std::string>& maybe_text(std::size_t column) const { return fields_.at(column); }
  std::optional<std::uint64_t> maybe_u64(std::size_t column) const;
  std::size_t size() const { return fields_.size(); }

 private:
  std::vector<std::optional<std::string>> fields_;
};

using Rows = std::vector<Row>;

/// What an INSERT, UPDATE or DELETE did.
struct Effect {
  std::uint64_t rows = 0;       ///< matched by an UPDATE (CLIENT_FOUND_ROWS), else changed
  std::uint64_t insert_id = 0;  ///< AUTO_INCREMENT of the first row inserted
};

}  // namespace sluice::db
