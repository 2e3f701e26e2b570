// SPDX-License-Identifier: MIT
#include "core/csv/text_window.hpp"

#include <cstring>

#include "core/csv/encoding.hpp"

namespace sluice::csv {

namespace {
constexpr std::size_t kChunk = 256 << 10;
}

TextWindow::TextWindow(ByteSource& source, Encoding encoding, std::uint64_t offset)
    : source_{&source}, encoding_{encoding}, offset_{offset}, read_offset_{offset} {}

void TextWindow::grow() {
  if (at_end_) return;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, size());
    end_ -= begin_;
    begin_ = 0;
  }
  // Twice as long each time, so that a long record is looked at a few times and not once per chunk.
  const std::size_t room = end_ < kChunk ? kChunk : end_;
  if (end_ + room < buffer_.size() / 8) {  // the long record is over
    buffer_.resize(end_ + room);
    buffer_.shrink_to_fit();
  }
  if (buffer_.size() < end_ + room) buffer_.resize(end_ + room);
  if (encoding_ == Encoding::utf16le || encoding_ == Encoding::utf16be) {
    append_utf16(room);
  } else {
    append_raw(room);
  }
}

void TextWindow::append_raw(std::size_t room) {
  const std::size_t got = source_->read(read_offset_, std::span<char>{buffer_.data() + end_, room});
  read_offset_ += got;
  end_ += got;
  at_end_ = got < room;
}

void TextWindow::append_utf16(std::size_t room) {
  // Two bytes become at most three.
  const std::size_t want = (room / 3) * 2;
  raw_.resize(want);
  const std::size_t got = source_->read(read_offset_, std::span<char>{raw_.data(), want});
  at_end_ = got < want;
  const Utf16Step step = utf16_to_utf8(std::string_view{raw_.data(), got}, encoding_ == Encoding::utf16be,
                                       at_end_, buffer_.data() + end_);
  read_offset_ += step.consumed;
  end_ += step.written;
}

void TextWindow::consume(std::size_t length) {
  offset_ += source_length(length);
  begin_ += length;
}

std::uint64_t TextWindow::source_length(std::size_t length) const {
  if (encoding_ != Encoding::utf16le && encoding_ != Encoding::utf16be) return length;
  return utf16_length({begin(), length});
}

}  // namespace sluice::csv
