// SPDX-License-Identifier: MIT
// What holds of any text, tried with random ones. SLUICE_TEST_SEED gives the seed that a failure printed.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/csv/reader.hpp"
#include "core/csv/table_scan.hpp"
#include "core/csv/writer.hpp"

using namespace sluice::csv;

namespace {

constexpr int kRounds = 300;

unsigned seed() {
  static const char* const given = std::getenv("SLUICE_TEST_SEED");
  static const unsigned value =
      given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
  return value;
}

struct Cell {
  std::string text;
  bool null = false;
  bool operator==(const Cell&) const = default;
};
using Table = std::vector<std::vector<Cell>>;

/// Columns of one kind each, with cells that are written otherwise, NULLs and trouble for quoting.
Cell random_cell(std::mt19937& random, unsigned kind) {
  static constexpr std::string_view kParts[] = {"a", "\"", ",", ";", "\n", "\r\n", " ",
                                                "'", "é",  "=", "#", "|",  "1",    "\t"};
  if (random() % 9 == 0) return {"", random() % 2 == 0};
  const auto number = [&](unsigned most) { return std::to_string(random() % most); };
  switch (kind % 7) {
    case 0:
      return {std::to_string(static_cast<int>(random() % 2000) - 1000)};
    case 1:
      return {number(1000) + "." + number(10) + number(10)};
    case 2:
      return {"$" + number(9) + "," + std::to_string(100 + random() % 900) + ".50"};
    case 3:
      return {"2017-0" + std::to_string(1 + random() % 9) + "-" + std::to_string(10 + random() % 19)};
    case 4:
      return {random() % 2 == 0 ? "yes" : "no"};
    case 5:
      return {random() % 20 == 0 ? "NA" : number(50)};
    default: {
      std::string text;
      for (std::size_t n = random() % 6; n > 0; --n) text += kParts[random() % std::size(kParts)];
      return {text};
    }
  }
}

Table random_table(std::mt19937& random) {
  Table table(2 + random() % 20);
  const std::size_t width = 2 + random() % 5;
  const unsigned first = random() % 7;
  for (auto& row : table)
    for (std::size_t i = 0; i < width; ++i)
      row.push_back(random_cell(random, first + static_cast<unsigned>(i)));
  return table;
}

std::string written(const Table& table, const std::string& delimiter) {
  std::string out;
  Writer writer{out, {.delimiter = delimiter}};
  for (const auto& row : table) {
    for (const Cell& cell : row) {
      if (cell.null) {
        writer.null();
      } else {
        writer.field(cell.text);
      }
    }
    writer.end_record();
  }
  return out;
}

DialectOverrides told(const std::string& delimiter) {
  DialectOverrides overrides;
  overrides.delimiter = delimiter;
  overrides.quote = '"';
  overrides.escape = '\0';
  overrides.comment = '\0';
  overrides.encoding = Encoding::utf8;
  overrides.preamble_lines = 0;
  overrides.header_rows = 0;
  return overrides;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_property)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_typed_and_rendered_the_same) {
  std::mt19937 random{seed()};
  int compared = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Table table = random_table(random);
    const std::string delimiter = round % 3 == 0 ? ";" : round % 3 == 1 ? "||" : ",";
    const std::string text = written(table, delimiter);
    BOOST_TEST_CONTEXT("SLUICE_TEST_SEED=" << seed() << " round " << round << "\n" << text) {
      MemorySource source{text};
      ScanOptions options;
      options.overrides = told(delimiter);
      options.block_bytes = 64;
      const TableReport report = *detect_table(source, options);
      BOOST_TEST(report.counts.records ==
                 report.counts.rows + report.counts.rejected() + report.counts.all_skipped());
      if (report.counts.rows != table.size()) continue;  // its end looks like a footer, or a row comes again
      ++compared;
      BOOST_TEST_REQUIRE(report.columns.size() == table[0].size());
      Reader reader{source, report.detected.dialect};
      for (const auto& row : table) {
        const Record* record = reader.next();
        BOOST_TEST_REQUIRE((record != nullptr && record->kind == RecordKind::row));
        for (std::size_t i = 0; i < row.size(); ++i) {
          const Field& field = record->fields[i];
          BOOST_TEST((Cell{std::string{field.text}, field.is_null()} == row[i]));
          const ColumnType& type = report.columns[i].verdict.type;
          const ParsedCell cell = parse_cell(type, field);
          BOOST_TEST((cell.status == CellStatus::exact || cell.status == CellStatus::written_otherwise));
          std::string shown;
          const bool any = render_cell(type, cell.value, shown);
          if (cell.status == CellStatus::exact) BOOST_TEST((shown == row[i].text && any != row[i].null));
        }
      }
    }
  }
  BOOST_TEST(compared > kRounds / 2, "SLUICE_TEST_SEED=" << seed());
}

BOOST_AUTO_TEST_CASE(a_typed_value_reads_back_as_itself) {
  std::mt19937 random{seed()};
  for (int round = 0; round < kRounds; ++round) {
    BOOST_TEST_CONTEXT("SLUICE_TEST_SEED=" << seed() << " round " << round) {
      std::vector<TypeProfile> profiles(1);
      std::vector<std::string> cells;
      const unsigned kind = random() % 6;
      for (int i = 0; i < 30; ++i) cells.push_back(random_cell(random, kind).text);
      for (const std::string& cell : cells) profiles[0].add({cell, false});
      const ColumnVerdict verdict = decide(profiles)[0];
      BOOST_TEST((decode_column_type(encode(verdict.type)) == verdict.type));
      BOOST_TEST(verdict.distinct.estimate() <= cells.size());
      for (const std::string& cell : cells) {
        const ParsedCell parsed = parse_cell(verdict.type, {cell, false});
        std::string shown;
        render_cell(verdict.type, parsed.value, shown);
        const ParsedCell again = parse_cell(verdict.type, {shown, false});
        BOOST_TEST((again.value == parsed.value));
        BOOST_TEST((again.status == CellStatus::exact));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
