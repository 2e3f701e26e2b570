// SPDX-License-Identifier: MIT
#include "core/csv/read_ahead.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

namespace sluice::csv {

namespace {

constexpr std::uint64_t kBytesAtOnce = 8 << 20;  // of each thread: waiting for each other costs less so
constexpr int kMostWrong = 4;                    // in a file with lines in its fields guessing is of no use
constexpr std::uint64_t kLongestLine = 1 << 20;
// The second thread may look as far for the end of a quote as the longest record is, and as much again.
constexpr std::uint64_t kLookAhead = 4 * kMaxRecordBytes;

class StoppableSource final : public ByteSource {
 public:
  StoppableSource(ByteSource& source, const std::atomic<bool>& stop) : source_{source}, stop_{stop} {}
  std::uint64_t size() const override { return source_.size(); }
  std::size_t read(std::uint64_t offset, std::span<char> into) override {
    check();
    return source_.read(offset, into);
  }
  void check() const {
    if (stop_.load(std::memory_order_relaxed)) throw Stopped{};
  }

 private:
  ByteSource& source_;
  const std::atomic<bool>& stop_;
};

// What the second thread may spend is there: no reading depends on how much is left.
bool may_look_ahead(const Position& at) {
  return at.scan_spent + kLookAhead <= Reader::scan_allowance(at.offset);
}

Position shifted(const Position& position, const Position& from, const Position& to) {
  Position result = position;
  result.line = to.line + (position.line - from.line);
  result.records = to.records + (position.records - from.records);
  result.rows = to.rows + (position.rows - from.rows);
  result.headers = to.headers + (position.headers - from.headers);
  result.scan_spent = to.scan_spent;
  return result;
}

}  // namespace

ReadAhead::ReadAhead(ByteSource* source, const StretchRules& rules, std::uint64_t stretch_bytes,
                     std::uint64_t size)
    : source_{source}, rules_{rules}, stretch_bytes_{stretch_bytes}, size_{size} {}

ReadAhead::~ReadAhead() {
  forget();
}

bool ReadAhead::may_guess(const Position& at) const {
  const Encoding encoding = rules_.dialect.encoding;
  return source_ != nullptr && wrong_ < kMostWrong && encoding != Encoding::utf16le &&
         encoding != Encoding::utf16be && at.offset + 2 * stretch_bytes_ < size_ && may_look_ahead(at) &&
         rules_.dialect.second_table_offset == Dialect::kNowhere;
}

std::vector<std::uint64_t> ReadAhead::begin(const Position& at) {
  if (!may_guess(at)) return {at.offset + stretch_bytes_};
  const std::uint64_t left = (size_ - at.offset) / stretch_bytes_;
  const std::uint64_t each =
      std::clamp<std::uint64_t>(left / 2, 1, std::max<std::uint64_t>(1, kBytesAtOnce / stretch_bytes_));
  std::vector<std::uint64_t> marks;
  for (std::uint64_t i = 1; i < each; ++i) marks.push_back(at.offset + i * stretch_bytes_);
  guessed_ = line_start(at.offset + each * stretch_bytes_);
  if (guessed_ >= size_) return {at.offset + stretch_bytes_};
  marks.push_back(guessed_);
  std::vector<std::uint64_t> theirs;
  for (std::uint64_t i = 1; i <= each; ++i) theirs.push_back(guessed_ + i * stretch_bytes_);
  stop_ = false;
  work_ = std::async(std::launch::async, [this, theirs] { return read(theirs); });
  return marks;
}

std::vector<Stretch> ReadAhead::take(const Position& at, const std::function<void()>& ask) {
  if (!work_.valid()) return {};
  const bool right = at.offset == guessed_ && at.headers == rules_.dialect.header_rows &&
                     at.line > rules_.dialect.preamble_lines && may_look_ahead(at);
  if (!right) {
    ++wrong_;
    forget();
    return {};
  }
  while (work_.wait_for(std::chrono::milliseconds{2}) != std::future_status::ready) ask();
  std::vector<Stretch> read = work_.get();
  const Position guessed = guess(guessed_);
  for (Stretch& stretch : read) {
    stretch.start = shifted(stretch.start, guessed, at);
    stretch.end = shifted(stretch.end, guessed, at);
  }
  return read;
}

void ReadAhead::forget() {
  if (!work_.valid()) return;
  stop_ = true;
  work_.wait();
  work_ = {};
}

// The first line that starts at `offset` or behind; the size when none is near.
std::uint64_t ReadAhead::line_start(std::uint64_t offset) {
  const char end = rules_.dialect.record_end == RecordEnd::cr ? '\r' : '\n';
  std::array<char, 4096> buffer;
  for (std::uint64_t at = offset - 1; at < offset + kLongestLine;) {
    const std::size_t got = source_->read(at, buffer);
    if (got == 0) break;
    if (const void* found = std::memchr(buffer.data(), end, got))
      return at + static_cast<std::uint64_t>(static_cast<const char*>(found) - buffer.data()) + 1;
    at += got;
  }
  return size_;
}

// Behind the header and the preamble. What is spent is as much as leaves kLookAhead: a stretch that spends
// any of it is not kept.
Position ReadAhead::guess(std::uint64_t offset) const {
  Position position;
  position.offset = offset;
  position.line = rules_.dialect.preamble_lines + 1;
  position.headers = rules_.dialect.header_rows;
  position.scan_spent = Reader::scan_allowance(offset) - kLookAhead;
  return position;
}

std::vector<Stretch> ReadAhead::read(const std::vector<std::uint64_t>& marks) {
  StoppableSource source{*source_, stop_};
  std::vector<Stretch> stretches;
  Position at = guess(guessed_);
  const std::uint64_t spent = at.scan_spent;
  try {
    for (const std::uint64_t mark : marks) {
      Stretch stretch = read_stretch(source, rules_, at, mark, [&](std::uint64_t) { source.check(); });
      if (stretch.ended != Stretch::End::whole || stretch.end.scan_spent != spent) break;
      at = stretch.end;
      stretches.push_back(std::move(stretch));
      if (at.offset >= size_) break;
    }
  } catch (const Stopped&) {
    stretches.clear();
  }
  return stretches;
}

}  // namespace sluice::csv
