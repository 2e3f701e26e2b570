// SPDX-License-Identifier: MIT
// Where the bytes of a CSV file come from: a file, the pieces of an upload, or memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::csv {

// Random access to bytes that do not change while they are read. Used by one thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Bytes in all.
  virtual std::uint64_t size() const = 0;
  // Fills `into` from `offset` on; returns how many bytes were written, fewer than asked for only at the end.
  // What goes wrong while reading is thrown by the implementation and passes through everything in
  // sluice::csv.
  virtual std::size_t read(std::uint64_t offset, std::span<char> into) = 0;
};

// Bytes in memory; does not own them.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_{bytes} {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::size_t read(std::uint64_t offset, std::span<char> into) override;

 private:
  std::string_view bytes_;
};

}  // namespace sluice::csv
