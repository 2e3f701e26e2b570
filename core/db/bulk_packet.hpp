// SPDX-License-Identifier: MIT
// The body of a COM_STMT_BULK_EXECUTE: rows for a prepared statement, in the encoding of the binary protocol
// (MariaDB knowledge base, "COM_STMT_BULK_EXECUTE" and "Binary Protocol Values"). Each cell is written once,
// straight into what is sent. For bulk_insert.cpp only.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "core/db/bulk_insert.hpp"

namespace sluice::db {

class BulkPacket {
 public:
  /// `statement_id` as the server gave it; `columns` are the statement's parameters.
  BulkPacket(std::uint32_t statement_id, std::span<const BulkInsert::Native> columns);

  // One cell, of its column's type. Texts have less than 2^24 bytes.
  void add_null() { put<std::uint8_t>(kNull); }
  void add(std::int64_t value) { put_value(value); }
  void add(double value) { put_value(value); }
  void add(std::string_view text);
  void add(const csv::Date& date);
  void add(const csv::DateTime& datetime);
  void add(const csv::TimeOfDay& time);
  void end_row() { ++rows_; }

  std::uint64_t rows() const { return rows_; }
  std::string_view bytes() const { return {bytes_.data(), size_}; }
  /// Without rows again.
  void clear();

 private:
  static constexpr std::uint8_t kValue = 0, kNull = 1;  // indicators
  static_assert(std::endian::native == std::endian::little, "the protocol is");

  char* room(std::size_t bytes) {
    if (size_ + bytes > bytes_.size()) grow(bytes);
    char* at = bytes_.data() + size_;
    size_ += bytes;
    return at;
  }
  template <typename T>
  void put(T value) {
    std::memcpy(room(sizeof value), &value, sizeof value);
  }
  template <typename T>
  void put_value(T value) {
    char* at = room(1 + sizeof value);
    *at = kValue;
    std::memcpy(at + 1, &value, sizeof value);
  }
  void put_date(const csv::Date& date);
  void put_time(const csv::TimeOfDay& time);
  void grow(std::size_t bytes);

  std::vector<char> bytes_;
  std::size_t size_ = 0;  ///< of what is written
  std::size_t head_ = 0;  ///< of what stands before the rows
  std::uint64_t rows_ = 0;
};

}  // namespace sluice::db
