// SPDX-License-Identifier: MIT
// RowCount: counts the rows of an import in their table, by one connection or two.
#pragma once
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>

#include "core/db/import_table.hpp"
#include "jobs/job.hpp"

namespace sluice::imports {

class RowCount {
 public:
  /// Of the rows 1 to `last_row`, `rows_at_once` by each statement.
  RowCount(jobs::Attempt& attempt, const db::Import& import, std::uint64_t last_row,
           std::uint64_t rows_at_once)
      : attempt_(attempt), import_(import), last_row_(last_row), rows_at_once_(rows_at_once) {}

  /// Throws what ended the count.
  std::uint64_t run(bool by_two);

 private:
  void count(db::Connection& connection);

  jobs::Attempt& attempt_;
  const db::Import& import_;
  const std::uint64_t last_row_;
  const std::uint64_t rows_at_once_;
  std::atomic<std::uint64_t> next_{1};  // the first row that nobody has taken
  std::atomic<std::uint64_t> counted_{0};
  std::mutex mutex_;
  std::exception_ptr why_;  // what ended it first
};

}  // namespace sluice::imports
