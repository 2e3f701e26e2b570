// SPDX-License-Identifier: MIT
#include "core/db/reject_table.hpp"

#include "core/db/placeholders.hpp"

namespace sluice::db {
namespace {

using Native = BulkInsert::Native;

constexpr std::size_t kMessageBytes = 1000;
constexpr const char* kList =
    "SELECT record_no, first_line, last_line, byte_offset, column_no, code, message, raw FROM rejects "
    "WHERE import_id = ? AND record_no > ? ORDER BY record_no LIMIT ?";
constexpr const char* kCount = "SELECT COUNT(*) FROM rejects WHERE import_id = ?";
constexpr const char* kCountByCode = "SELECT code, COUNT(*) FROM rejects WHERE import_id IN ";
constexpr const char* kMostFirst = " GROUP BY code ORDER BY COUNT(*) DESC, code";
constexpr const char* kDeleteSome = "DELETE FROM rejects WHERE import_id = ? LIMIT ?";

}  // namespace

std::string_view cut_text(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

RejectWriter::RejectWriter(Connection& connection, std::uint64_t import_id)
    : insert_(connection, "rejects",
              {{"import_id", Native::integer, import_id},
               {"record_no", Native::integer},
               {"first_line", Native::integer},
               {"last_line", Native::integer},
               {"byte_offset", Native::integer},
               {"column_no", Native::integer},
               {"code", Native::text},
               {"message", Native::text},
               {"raw", Native::text}}) {}

void RejectWriter::add(const csv::Record& record, csv::RejectCode code, std::uint32_t column,
                       std::string_view message) {
  insert_.add(static_cast<std::int64_t>(record.record_no));
  insert_.add(static_cast<std::int64_t>(record.first_line));
  insert_.add(static_cast<std::int64_t>(record.last_line));
  insert_.add(static_cast<std::int64_t>(record.byte_offset));
  if (column == 0)
    insert_.add_null();
  else
    insert_.add(static_cast<std::int64_t>(column) - 1);
  insert_.add(csv::to_string(code));
  insert_.add(cut_text(message, kMessageBytes));
  insert_.add(cut_text(record.raw, csv::kRawBytesKept));
  insert_.end_row();
}

std::vector<Reject> list_rejects(Connection& connection, std::uint64_t import_id, std::uint64_t after,
                                 std::uint32_t limit) {
  std::vector<Reject> rejects;
  for (const Row& row : connection.select(kList, {import_id, after, limit})) {
    Reject reject{row.u64(0), row.u64(1), row.u64(2), row.u64(3), {}, row.text(5), row.text(6), row.text(7)};
    if (const auto column = row.maybe_u64(4)) reject.column = static_cast<std::uint32_t>(*column);
    rejects.push_back(std::move(reject));
  }
  return rejects;
}

std::uint64_t count_rejects(Connection& connection, std::uint64_t import_id) {
  return connection.select_one(kCount, {import_id})->u64(0);
}

std::vector<RejectCount> count_rejects_by_code(Connection& connection,
                                               std::span<const std::uint64_t> import_ids) {
  std::vector<RejectCount> counts;
  if (import_ids.empty()) return counts;
  const std::vector<Value> values(import_ids.begin(), import_ids.end());
  const std::string sql = kCountByCode + placeholders(values.size()) + kMostFirst;
  for (const Row& row : connection.select(sql, values)) counts.push_back({row.text(0), row.u64(1)});
  return counts;
}

std::uint64_t delete_some_rejects(Connection& connection, std::uint64_t import_id, std::uint32_t limit) {
  return connection.execute(kDeleteSome, {import_id, limit}).rows;
}

}  // namespace sluice::db
