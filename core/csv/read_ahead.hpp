// SPDX-License-Identifier: MIT
// A second thread that reads the stretches behind those that the first one reads. It begins at a line and
// takes for granted that a record begins there; whether one does is known when the first thread comes by. If
// not, what was read ahead is thrown away.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <vector>

#include "core/csv/stretch.hpp"

namespace sluice::csv {

struct Stopped {};  // thrown where a scan is given up

class ReadAhead {
 public:
  // `source` is for the second thread alone; nullptr: nothing is read ahead. `rules` may change between
  // take() or forget() and the next begin().
  ReadAhead(ByteSource* source, const StretchRules& rules, std::uint64_t stretch_bytes, std::uint64_t size);
  ~ReadAhead();

  // How far the caller shall read from `at` on, stretch by stretch, while the second thread reads on behind.
  std::vector<std::uint64_t> begin(const Position& at);
  // What was read behind `at`, in order; nothing when the guess was wrong. `ask` is called while waiting.
  std::vector<Stretch> take(const Position& at, const std::function<void()>& ask);
  void forget();

 private:
  bool may_guess(const Position& at) const;
  std::uint64_t line_start(std::uint64_t offset);
  Position guess(std::uint64_t offset) const;
  std::vector<Stretch> read(const std::vector<std::uint64_t>& marks);

  ByteSource* source_;
  const StretchRules& rules_;
  std::uint64_t stretch_bytes_;
  std::uint64_t size_;
  std::uint64_t guessed_ = 0;  // where the second thread began
  int wrong_ = 0;              // guesses
  std::atomic<bool> stop_{false};
  std::future<std::vector<Stretch>> work_;  // after what its thread uses: it ends first
};

}  // namespace sluice::csv
