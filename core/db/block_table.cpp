// SPDX-License-Identifier: MIT
#include "core/db/block_table.hpp"

#include <array>

#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/db/bulk_insert.hpp"

namespace sluice::db {
namespace {

constexpr const char* kRead =
    "SELECT first_row, row_count, position_json, ranges_json FROM import_blocks WHERE import_id = ? ORDER BY "
    "block_no";
constexpr const char* kDeleteAll = "DELETE FROM import_blocks WHERE import_id = ?";
constexpr const char* kDeleteSome = "DELETE FROM import_blocks WHERE import_id = ? LIMIT ?";

std::string position_text(const csv::Position& position) {
  Json numbers = Json::array();
  for (const std::uint64_t number : position.numbers()) numbers.push(number);
  return numbers.text();
}

csv::Position position_from(const std::string& text) {
  const Json json = parse_stored_json(text);
  std::array<std::uint64_t, csv::Position::kNumbers> numbers{};
  if (json.items().size() != numbers.size()) throw Error(Kind::internal, "import.block", "position " + text);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = json.items()[i].u64();
  return csv::Position::from_numbers(numbers);
}

std::string ranges_text(std::span<const csv::Block::Range> ranges) {
  Json list = Json::array();
  for (const auto& range : ranges) list.push(Json::array({range.column, range.least, range.greatest}));
  return list.text();
}

std::vector<csv::Block::Range> ranges_from(const std::string& text) {
  std::vector<csv::Block::Range> ranges;
  const Json json = parse_stored_json(text);
  for (const Json& item : json.items()) {
    const auto& three = item.items();
    ranges.push_back({static_cast<std::uint32_t>(three.at(0).u64()), three.at(1).i64(), three.at(2).i64()});
  }
  return ranges;
}

}  // namespace

void replace_blocks(Transaction& transaction, std::uint64_t import_id, std::span<const csv::Block> blocks) {
  using Native = BulkInsert::Native;
  transaction.connection().execute(kDeleteAll, {import_id});
  BulkInsert insert(transaction, "import_blocks",
                    {{"import_id", Native::integer},
                     {"block_no", Native::integer},
                     {"byte_offset", Native::integer},
                     {"first_record", Native::integer},
                     {"first_row", Native::integer},
                     {"row_count", Native::integer},
                     {"position_json", Native::text},
                     {"ranges_json", Native::text}});
  std::int64_t block_no = 0;
  for (const csv::Block& block : blocks) {
    insert.add(static_cast<std::int64_t>(import_id));
    insert.add(block_no++);
    insert.add(static_cast<std::int64_t>(block.start.offset));
    insert.add(static_cast<std::int64_t>(block.start.records + 1));
    insert.add(static_cast<std::int64_t>(block.start.rows + 1));
    insert.add(static_cast<std::int64_t>(block.rows));
    insert.add(position_text(block.start));
    insert.add(ranges_text(block.ranges));
    insert.end_row();
  }
  insert.flush();
}

std::vector<ImportBlock> read_blocks(Connection& connection, std::uint64_t import_id) {
  std::vector<ImportBlock> blocks;
  for (const Row& row : connection.select(kRead, {import_id}))
    blocks.push_back({row.u64(0), row.u64(1), position_from(row.text(2)), ranges_from(row.text(3))});
  return blocks;
}

std::uint64_t delete_some_blocks(Connection& connection, std::uint64_t import_id, std::uint32_t limit) {
  return connection.execute(kDeleteSome, {import_id, limit}).rows;
}

}  // namespace sluice::db
