// SPDX-License-Identifier: MIT
#include "jobs/imports/row_count.hpp"

#include <thread>

#include "core/db/dataset_storage.hpp"
#include "jobs/work_beside.hpp"

namespace sluice::imports {

std::uint64_t RowCount::run(bool by_two) {
  {
    std::jthread beside;
    if (by_two && last_row_ > rows_at_once_)
      beside = jobs::work_beside(attempt_, [this](db::Connection& connection) { count(connection); });
    count(attempt_.connection());
  }  // both have ended
  if (why_) std::rethrow_exception(why_);
  return counted_;
}

void RowCount::count(db::Connection& connection) {
  try {
    for (std::uint64_t first; (first = next_.fetch_add(rows_at_once_)) <= last_row_;) {
      attempt_.throw_if_stopped();
      counted_ += db::count_rows(connection, attempt_.config().data_database(), *import_.dataset_id,
                                 import_.id, first, first + rows_at_once_ - 1);
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!why_) why_ = std::current_exception();
    next_ = last_row_ + 1;  // the other one ends, too
  }
}

}  // namespace sluice::imports
