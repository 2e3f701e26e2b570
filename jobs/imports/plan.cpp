// SPDX-License-Identifier: MIT
#include "jobs/imports/plan.hpp"

#include <algorithm>
#include <map>
#include <span>

#include "core/base/error.hpp"
#include "core/csv/names.hpp"
#include "core/csv/text_reason.hpp"
#include "core/db/append_match.hpp"

namespace sluice::imports {
namespace {

constexpr std::uint64_t kLongestVarchar = 1000;
constexpr std::uint64_t kLongestText = 65535;

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

bool is_number(csv::Type type) {
  return type >= csv::Type::integer && type <= csv::Type::real;
}

/// A type by hand says what values are; how they are written, detection has found where the kind is the same:
/// the decimal comma, the format of dates, the words for true and false.
void keep_writing(const csv::ColumnType& found, bool has_format, csv::ColumnType& type) {
  if (is_number(type.type) && is_number(found.type)) {
    type.number = found.number;
  } else if (type.type == found.type && type.type == csv::Type::boolean) {
    type.word_true = found.word_true;
    type.word_false = found.word_false;
  } else if (type.type == found.type && !csv::is_text(type.type) && !has_format) {
    type.date = found.date;
    type.fraction = found.fraction;
  }
}

void require_none(std::span<const db::ColumnProblem> problems) {
  if (problems.empty()) return;
  const std::string advice = db::sentence_of(problems);
  throw Error(Kind::invalid, "import.columns_differ", advice, advice);
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
    if (option.index >= plan.columns.size()) db::refuse_column(option.index, plan.columns.size());
    db::ImportColumn& column = plan.columns[option.index];
    if (option.name) {
      column.column.name = *option.name;
      renamed = true;
    }
    if (!option.type) continue;
    csv::ColumnType type = *option.type;
    keep_writing(column.column.type, option.has_format, type);
    type.null_words = column.column.type.null_words;
    if (!csv::is_text(type.type) || type.null_words) type.null_form = column.column.type.null_form;
    if (csv::is_text(type.type)) {
      type.type = csv::Type::varchar;
      type.length = 1;
      type = widened(type, column.max_bytes);
    }
    if (type == column.column.type) continue;
    const bool other_format = type.date != column.column.type.date;
    if (csv::is_date(type.type) && other_format) plan.scan_again = true;
    if (!csv::is_date(type.type) || other_format) column.column.order = csv::DateOrder::none;
    column.column.type = type;
  }
  if (renamed) {
    std::vector<std::string> names;
    for (const auto& column : plan.columns) names.push_back(column.column.name);
    names = csv::shown_names(names);
    for (std::size_t i = 0; i < names.size(); ++i) plan.columns[i].column.name = names[i];
  }
  std::vector<csv::TextColumn> texts;
  for (const db::ImportColumn& column : plan.columns) {
    plan.file_types.push_back(column.column.type);
    if (csv::is_text(column.column.type.type))
      texts.push_back({column.column.name, &report.columns[column.file_column]});
  }
  plan.notices = csv::text_reasons(texts);
  return plan;
}

Plan plan_append(csv::ByteSource& source, const csv::TableReport& report, const db::Dataset& dataset,
                 const db::ImportOptions& options) {
  Plan plan;
  if (report.detected.content == csv::Content::empty) return plan;
  const db::AppendMatch match = db::match_append(source, report, dataset, options);
  require_none(match.problems);
  plan.notices = match.notices;
  plan.file_types.resize(report.columns.size());
  for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
    const std::uint32_t place = match.file_column[i];
    const csv::ColumnReport& found = report.columns[place];
    const csv::ColumnType& wanted = dataset.columns[i].type;
    db::ImportColumn column = import_column(found, place);
    column.column.name = dataset.columns[i].name;
    column.column.type = csv::is_text(wanted.type) ? widened(wanted, column.max_bytes) : wanted;
    column.column.order = dataset.columns[i].order;
    if (csv::is_date(wanted.type) && found.verdict.type != wanted) plan.scan_again = true;
    plan.file_types[place] = column.column.type;
    plan.columns.push_back(std::move(column));
  }
  return plan;
}

void require_order(const Plan& plan, const csv::TableReport& read) {
  std::vector<db::DatasetColumn> columns;
  std::vector<bool> swapped;
  for (const db::ImportColumn& column : plan.columns) {
    columns.push_back(column.column);
    swapped.push_back(read.columns[column.file_column].swapped_dates);
  }
  require_none(db::swapped_dates(columns, swapped));
}

std::vector<db::ColumnStats> stats_of(const Plan& plan, const csv::TableReport& report) {
  // Least and greatest are of the kind that was found: a number among numbers, a text among texts.
  const auto kind = [](csv::Type type) { return csv::is_text(type) ? 0 : type <= csv::Type::real ? 1 : 2; };
  std::vector<db::ColumnStats> stats;
  for (const db::ImportColumn& column : plan.columns) {
    const csv::ColumnVerdict& found = report.columns[column.file_column].verdict;
    db::ColumnStats one{found.cells, found.nulls, {}, {}, found.distinct};
    if (kind(found.type.type) == kind(column.column.type.type)) {
      one.least = found.least_text;
      one.greatest = found.greatest_text;
    }
    stats.push_back(std::move(one));
  }
  return stats;
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
