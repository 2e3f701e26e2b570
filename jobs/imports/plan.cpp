// SPDX-License-Identifier: MIT
#include "jobs/imports/plan.hpp"

#include <algorithm>
#include <map>

#include "core/base/error.hpp"
#include "core/base/fold.hpp"
#include "core/csv/names.hpp"

namespace sluice::imports {
namespace {

constexpr std::uint64_t kLongestVarchar = 1000;
constexpr std::uint64_t kLongestText = 65535;
constexpr std::size_t kNamesShown = 5;

db::ImportColumn import_column(const csv::ColumnReport& report, std::uint32_t file_column) {
  db::ImportColumn column;
  column.column.original_name = report.original_name;
  column.column.name = report.shown_name;
  column.column.type = report.verdict.type;
  column.column.order = report.verdict.order;
  column.file_column = file_column;
  column.nulls = report.verdict.nulls;
  column.written_otherwise = report.verdict.written_otherwise;
  column.max_bytes = report.verdict.max_bytes;
  return column;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamesShown) text += " and " + std::to_string(names.size() - kNamesShown) + " more";
  return text;
}

[[noreturn]] void columns_differ(const std::vector<std::string>& missing,
                                 const std::vector<std::string>& unknown) {
  std::string advice = "The file's columns are not those of the dataset.";
  if (!missing.empty()) advice += " Missing: " + listed(missing) + ".";
  if (!unknown.empty()) advice += " Not in the dataset: " + listed(unknown) + ".";
  throw Error(Kind::invalid, "import.columns_differ", advice,
              advice + " Rename the columns, or load the file as a new dataset.");
}

/// For each column of the dataset, the file's column.
std::vector<std::uint32_t> match_by_name(const csv::TableReport& report, const db::Dataset& dataset) {
  std::map<std::string, std::uint32_t> in_file;
  for (std::uint32_t i = 0; i < report.columns.size(); ++i)
    in_file.emplace(name_key(report.columns[i].shown_name), i);
  std::vector<std::uint32_t> matched;
  std::vector<std::string> missing, unknown;
  for (const auto& column : dataset.columns) {
    const auto found = in_file.find(name_key(column.name));
    if (found == in_file.end()) {
      missing.push_back(column.name);
      continue;
    }
    matched.push_back(found->second);
    in_file.erase(found);
  }
  for (const std::string_view added : {"_line", "_column", "_error"})
    in_file.erase(std::string(added));  // of a rejects.csv that was mended
  for (const auto& [key, index] : in_file) unknown.push_back(report.columns[index].shown_name);
  if (!missing.empty() || !unknown.empty()) columns_differ(missing, unknown);
  return matched;
}

std::vector<std::uint32_t> match_by_place(const csv::TableReport& report, const db::Dataset& dataset) {
  if (report.columns.size() != dataset.columns.size()) {
    const std::string advice = "The file has " + std::to_string(report.columns.size()) +
                               " columns and no header, the dataset has " +
                               std::to_string(dataset.columns.size()) + " columns.";
    throw Error(Kind::invalid, "import.columns_differ", advice, advice + " Load it as a new dataset.");
  }
  std::vector<std::uint32_t> matched;
  for (std::uint32_t i = 0; i < dataset.columns.size(); ++i) matched.push_back(i);
  return matched;
}

/// Values of a column found as `found` fit into `wanted`, as far as types can tell.
bool fits(const csv::ColumnType& found, const csv::ColumnType& wanted) {
  if (csv::is_text(wanted.type)) return true;
  if (found.type == wanted.type) return !csv::is_date(wanted.type) || found.date == wanted.date;
  const auto rank = [](csv::Type type) { return static_cast<int>(type); };
  return rank(found.type) >= rank(csv::Type::integer) && rank(wanted.type) <= rank(csv::Type::real) &&
         rank(found.type) < rank(wanted.type);
}

}  // namespace

csv::ColumnType widened(csv::ColumnType type, std::uint64_t bytes) {
  if (type.type == csv::Type::varchar && bytes > type.length) {
    if (bytes <= kLongestVarchar)
      type.length = static_cast<std::uint32_t>(bytes);
    else
      type.type = csv::Type::text;
  }
  if (type.type == csv::Type::text && bytes > kLongestText) type.type = csv::Type::longtext;
  if (type.type != csv::Type::varchar) type.length = 0;
  return type;
}

Plan plan_new(const csv::TableReport& report, const db::ImportOptions& options) {
  Plan plan;
  for (std::uint32_t i = 0; i < report.columns.size(); ++i)
    plan.columns.push_back(import_column(report.columns[i], i));
  bool renamed = false;
  for (const db::ColumnOption& option : options.columns) {
    if (option.index >= plan.columns.size())
      throw Error(Kind::invalid, "import.options", "no column " + std::to_string(option.index),
                  "The file has no column with index " + std::to_string(option.index) + ": it has " +
                      std::to_string(plan.columns.size()) + " columns, counted from 0.");
    db::ImportColumn& column = plan.columns[option.index];
    if (option.name) {
      column.column.name = *option.name;
      renamed = true;
    }
    if (!option.type || *option.type == column.column.type) continue;
    csv::ColumnType type = *option.type;
    if (csv::is_text(type.type)) {
      type.type = csv::Type::varchar;
      type.length = 1;
      type = widened(type, column.max_bytes);
    }
    if (csv::is_date(type.type) && type.date != column.column.type.date) plan.scan_again = true;
    column.column.type = type;
    column.column.order = csv::DateOrder::none;
  }
  if (renamed) {
    std::vector<std::string> names;
    for (const auto& column : plan.columns) names.push_back(column.column.name);
    names = csv::shown_names(names);
    for (std::size_t i = 0; i < names.size(); ++i) plan.columns[i].column.name = names[i];
  }
  for (const auto& column : plan.columns) plan.file_types.push_back(column.column.type);
  return plan;
}

Plan plan_append(const csv::TableReport& report, const db::Dataset& dataset) {
  Plan plan;
  if (report.detected.content == csv::Content::empty) return plan;
  const auto matched = report.detected.dialect.header_rows > 0 ? match_by_name(report, dataset)
                                                               : match_by_place(report, dataset);
  plan.file_types.resize(report.columns.size());
  for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
    const csv::ColumnReport& found = report.columns[matched[i]];
    const csv::ColumnType& wanted = dataset.columns[i].type;
    db::ImportColumn column = import_column(found, matched[i]);
    column.column.name = dataset.columns[i].name;
    column.column.type = csv::is_text(wanted.type) ? widened(wanted, column.max_bytes) : wanted;
    column.column.order = dataset.columns[i].order;
    const bool has_values = found.verdict.cells > found.verdict.nulls;
    if (has_values && !fits(found.verdict.type, wanted))
      plan.notices.push_back("Column " + column.column.name + " is " +
                             std::string(csv::to_string(wanted.type)) +
                             " in the dataset, the file's values look like " +
                             std::string(csv::to_string(found.verdict.type.type)) +
                             ": records with values that do not fit are rejected.");
    if (csv::is_date(wanted.type) && found.verdict.type != wanted) plan.scan_again = true;
    plan.file_types[matched[i]] = column.column.type;
    plan.columns.push_back(std::move(column));
  }
  return plan;
}

std::vector<csv::Block> numbered_blocks(std::vector<csv::Block> blocks, Plan& plan) {
  std::map<std::uint32_t, std::uint32_t> number_of;  // dates only
  for (std::uint32_t i = 0; i < plan.columns.size(); ++i)
    if (plan.columns[i].column.is_date()) number_of[plan.columns[i].file_column] = i;
  for (csv::Block& block : blocks) {
    std::erase_if(block.ranges, [&](const auto& range) { return !number_of.contains(range.column); });
    for (auto& range : block.ranges) {
      range.column = number_of[range.column];
      db::DatasetColumn& column = plan.columns[range.column].column;
      column.least = std::min(column.least.value_or(range.least), range.least);
      column.greatest = std::max(column.greatest.value_or(range.greatest), range.greatest);
    }
  }
  return blocks;
}

}  // namespace sluice::imports
