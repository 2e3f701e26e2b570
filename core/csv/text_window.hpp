// SPDX-License-Identifier: MIT
// A window that slides over the source and shows it as bytes in which delimiters and line ends are ASCII:
// UTF-16 becomes UTF-8 here, everything else stays as it is.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/byte_source.hpp"
#include "core/csv/dialect.hpp"

namespace sluice::csv {

class TextWindow {
 public:
  TextWindow(ByteSource& source, Encoding encoding, std::uint64_t offset);

  const char* begin() const { return buffer_.data() + begin_; }
  const char* end() const { return buffer_.data() + end_; }
  std::size_t size() const { return end_ - begin_; }
  bool at_end() const { return at_end_; }           // nothing comes after end()
  std::uint64_t offset() const { return offset_; }  // of begin(), in the source

  // Makes the window longer; moves begin() and end(). Does nothing at the end of the source.
  void grow();
  // Moves begin() forward by `length` bytes of the window.
  void consume(std::size_t length);
  // How many bytes of the source the first `length` bytes of the window stand for.
  std::uint64_t source_length(std::size_t length) const;

 private:
  void append_raw(std::size_t room);
  void append_utf16(std::size_t room);

  ByteSource* source_;
  Encoding encoding_;
  std::uint64_t offset_;       // of begin_
  std::uint64_t read_offset_;  // of the next byte to read
  std::vector<char> buffer_;
  std::vector<char> raw_;  // UTF-16 as read
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
};

}  // namespace sluice::csv
