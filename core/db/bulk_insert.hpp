// SPDX-License-Identifier: MIT
// BulkInsert: many rows by one prepared INSERT and MariaDB's bulk protocol (COM_STMT_BULK_EXECUTE): as fast
// as LOAD DATA, without a file. Values are sent as native types.
//
// A packet is on its way while the next one is filled; its answer is taken when the next one is sent, with
// flush(), or before any other statement of the connection, which then throws what belongs to the packet.
//
// The caller has checked every value. What the server refuses or warns about is a defect of ours: Error
// internal `db.bulk`, and the transaction must be rolled back. For one thread; dies before its connection.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/value.hpp"
#include "core/db/connection.hpp"

namespace sluice::db {

class BulkInsert {
 public:
  enum class Native : std::uint8_t { integer, real, text, date, datetime, time };
  struct Column {
    std::string name;  ///< ours; it is quoted here
    Native native = Native::text;
    /// The same in all rows: part of the statement, and no cell of the rows.
    std::optional<std::uint64_t> always{};
  };

  static constexpr std::size_t kRowsPerPacket = 1000;  ///< 100 and 10,000 are slower
  /// A packet is sent when it has this many bytes: it stays below this and one row.
  static constexpr std::size_t kBytesPerPacket = 1u << 20;
  /// The most bytes that the texts of one row may have: max_allowed_packet (16 MiB by default) less the
  /// above.
  static constexpr std::size_t kMaxRowBytes = 14u << 20;

  /// `table` is quoted already. Throws DatabaseError.
  BulkInsert(Connection& connection, std::string_view table, const std::vector<Column>& columns);
  ~BulkInsert();
  BulkInsert(const BulkInsert&) = delete;
  BulkInsert& operator=(const BulkInsert&) = delete;

  // The cells of a row, from the first column to the last; then end_row(), which may send a packet. Texts are
  // copied.
  void add_null();
  void add(std::int64_t value);
  void add(double value);
  void add(std::string_view text);
  void add(const csv::Date& date);
  void add(const csv::DateTime& datetime);
  void add(const csv::TimeOfDay& time);
  void end_row();

  /// Sends what is still here, and takes the answers. Call it before the commit.
  void flush();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::db
