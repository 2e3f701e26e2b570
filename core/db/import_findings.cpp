// SPDX-License-Identifier: MIT
#include "core/db/import_findings.hpp"

#include "core/base/error.hpp"

namespace sluice::db {
namespace {

Json character(char c) {
  return c == 0 ? Json("") : Json(std::string(1, c));
}

Json shape(const csv::Dialect& dialect) {
  return Json::object({{"delimiter", dialect.delimiter},
                       {"quote", character(dialect.quote)},
                       {"escape", character(dialect.escape)},
                       {"encoding", csv::to_string(dialect.encoding)},
                       {"header_rows", dialect.header_rows}});
}

}  // namespace

Json dialect_json(const csv::DetectedDialect& detected) {
  Json json = shape(detected.dialect);
  json.set("comment", character(detected.dialect.comment));
  json.set("record_end", csv::to_string(detected.dialect.record_end));
  json.set("preamble_lines", detected.dialect.preamble_lines);
  json.set("confidence", detected.confidence);
  json.set("runner_up", detected.runner_up ? shape(*detected.runner_up) : Json());
  json.set("second_table", detected.second_table_line == 0
                               ? Json()
                               : Json::object({{"line", detected.second_table_line},
                                               {"skip_lines", detected.second_table_line - 1}}));
  json.set("text", csv::encode(detected.dialect));
  return json;
}

csv::Dialect dialect_from(const Json& json) {
  const auto dialect = csv::decode_dialect(json.at("text").string());
  if (!dialect) throw Error(Kind::internal, "import.dialect", json.at("text").string());
  return *dialect;
}

Json to_json(std::span<const ImportColumn> columns) {
  std::vector<DatasetColumn> plain;
  for (const ImportColumn& column : columns) plain.push_back(column.column);
  Json list = to_json(std::span<const DatasetColumn>(plain));
  for (std::size_t i = 0; i < columns.size(); ++i)
    list.items()[i]
        .set("file_column", columns[i].file_column)
        .set("nulls", columns[i].nulls)
        .set("written_otherwise", columns[i].written_otherwise)
        .set("max_bytes", columns[i].max_bytes);
  return list;
}

std::vector<ImportColumn> import_columns_from(const Json& json) {
  std::vector<ImportColumn> columns;
  for (DatasetColumn& column : dataset_columns_from(json)) {
    const Json& item = json.items()[columns.size()];
    columns.push_back({std::move(column), static_cast<std::uint32_t>(item.at("file_column").u64()),
                       item.at("nulls").u64(), item.at("written_otherwise").u64(),
                       item.at("max_bytes").u64()});
  }
  return columns;
}

Json counts_json(const csv::ScanCounts& counts, bool rejects) {
  Json json = Json::object();
  if (rejects) {
    for (std::size_t i = 0; i < csv::kRejectCodes; ++i)
      if (counts.rejects[i] != 0)
        json.set(csv::to_string(static_cast<csv::RejectCode>(i)), counts.rejects[i]);
  } else {
    for (std::size_t i = 0; i < csv::kSkipReasons; ++i)
      if (counts.skipped[i] != 0)
        json.set(csv::to_string(static_cast<csv::SkipReason>(i)), counts.skipped[i]);
  }
  return json;
}

}  // namespace sluice::db
