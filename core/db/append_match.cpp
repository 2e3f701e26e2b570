// SPDX-License-Identifier: MIT
#include "core/db/append_match.hpp"

#include <algorithm>
#include <map>

#include "core/base/error.hpp"
#include "core/base/fold.hpp"
#include "core/csv/date_order.hpp"
#include "core/csv/reader.hpp"
#include "core/db/reject_table.hpp"

namespace sluice::db {
namespace {

constexpr std::uint64_t kRowsLookedAt = 1000;
constexpr std::uint64_t kRecordsLookedAt = 5000;
/// A single value that does not fit may be a mistake: a reject. Two of two are another kind of column.
constexpr std::uint64_t kEnoughValues = 2;
constexpr std::size_t kProblemsSaid = 20;
constexpr std::size_t kBytesOfExample = 60;

std::string place_in(const char* whose, std::size_t index) {
  return std::string(whose) + "/columns/" + std::to_string(index);
}

/// The file's names as people see them, or as they were given.
std::vector<std::string> names_of(const csv::TableReport& report, const ImportOptions& options) {
  std::vector<std::string> names;
  for (const csv::ColumnReport& column : report.columns) names.push_back(column.shown_name);
  for (const ColumnOption& option : options.columns) {
    if (option.index >= names.size()) refuse_column(option.index, names.size());
    if (option.name) names[option.index] = *option.name;
  }
  return names;
}

void match_by_name(const std::vector<std::string>& names, const Dataset& dataset, AppendMatch& match) {
  std::map<std::string, std::uint32_t> in_file;
  for (std::uint32_t i = 0; i < names.size(); ++i) in_file.emplace(name_key(names[i]), i);
  for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
    const std::string& name = dataset.columns[i].name;
    const auto found = in_file.find(name_key(name));
    if (found == in_file.end()) {
      match.problems.push_back(
          {place_in("dataset", i), name, "missing", "Column " + name + " is not in the file."});
      continue;
    }
    match.file_column.push_back(found->second);
    in_file.erase(found);
  }
  for (const std::string_view added : {"_line", "_column", "_error"}) in_file.erase(std::string(added));
  std::vector<std::uint32_t> unknown;
  for (const auto& [key, index] : in_file) unknown.push_back(index);
  std::sort(unknown.begin(), unknown.end());
  for (const std::uint32_t index : unknown)
    match.problems.push_back({place_in("file", index), names[index], "unknown",
                              "Column " + names[index] + " is not in the dataset."});
}

void match_by_place(std::size_t columns, const Dataset& dataset, AppendMatch& match) {
  if (columns != dataset.columns.size()) {
    match.problems.push_back({"file/columns", "", "count",
                              "The file has " + std::to_string(columns) +
                                  " columns and no header, the dataset has " +
                                  std::to_string(dataset.columns.size()) + " columns."});
    return;
  }
  for (std::uint32_t i = 0; i < columns; ++i) match.file_column.push_back(i);
}

struct Example {
  std::string text;
  std::uint64_t line = 0;
};

struct Seen {
  std::uint64_t values = 0, bad = 0;
  Example first_bad;
  // Of dates: those that are one only in the dataset's order of day and month, and only in the other.
  std::uint64_t this_order = 0, other_order = 0;
  Example first_other;
};

bool has_value(const csv::ParsedCell& cell) {
  return cell.status == csv::CellStatus::exact || cell.status == csv::CellStatus::written_otherwise;
}

std::vector<Seen> look_at_values(csv::ByteSource& source, const csv::Dialect& dialect, const Dataset& dataset,
                                 const AppendMatch& match) {
  std::vector<Seen> seen(dataset.columns.size());
  std::vector<std::optional<csv::ColumnType>> swapped;
  for (const DatasetColumn& column : dataset.columns)
    swapped.push_back(csv::day_and_month_swapped(column.type));
  csv::Reader reader(source, dialect);
  std::uint64_t rows = 0;
  for (std::uint64_t records = 0; records < kRecordsLookedAt && rows < kRowsLookedAt; ++records) {
    const csv::Record* record = reader.next();
    if (record == nullptr) break;
    if (record->kind != csv::RecordKind::row) continue;
    ++rows;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const csv::ColumnType& type = dataset.columns[i].type;
      if (csv::is_text(type.type) || match.file_column[i] >= record->fields.size()) continue;
      const csv::Field& field = record->fields[match.file_column[i]];
      const csv::ParsedCell cell = csv::parse_cell(type, field);
      const bool fits = has_value(cell);
      if (fits && csv::is_null(cell.value)) continue;
      ++seen[i].values;
      const bool fits_swapped = swapped[i] && has_value(csv::parse_cell(*swapped[i], field));
      const auto example = [&] {
        return Example{std::string(cut_text(field.text, kBytesOfExample)), record->first_line};
      };
      if (swapped[i] && fits && !fits_swapped) ++seen[i].this_order;
      if (fits_swapped && !fits && seen[i].other_order++ == 0) seen[i].first_other = example();
      if (!fits && seen[i].bad++ == 0) seen[i].first_bad = example();
    }
  }
  return seen;
}

/// Whether the file proves another order of day, month and year than the dataset's, or both. A column that
/// leaves it open is read in the dataset's, whatever other columns prove: theirs may be another one.
enum class Order { same, other, both };

Order order_in_file(const csv::ColumnType& type, const csv::ColumnVerdict& found, const Seen& seen) {
  using csv::DateOrder;
  const DateOrder wanted = csv::order_of(type.date);
  if (!csv::is_date(type.type) || !csv::day_and_month_swapped(type.date)) return Order::same;
  if (found.order == DateOrder::contradictory) return Order::both;
  if (found.order == DateOrder::none || found.order == DateOrder::ambiguous || found.order_of_others) {
    // Nobody writes year, day, month: one such value is a mistake.
    if (wanted == DateOrder::ymd && (seen.this_order > 0 || seen.other_order < kEnoughValues))
      return Order::same;
    if (seen.other_order == 0) return Order::same;
    return seen.this_order == 0 ? Order::other : Order::both;
  }
  if (wanted == DateOrder::none || found.order == wanted) return Order::same;
  // A year of four digits shows where it stands: such values do not fit anyway.
  const bool year_stands_elsewhere = wanted == DateOrder::ymd || found.order == DateOrder::ymd;
  if (year_stands_elsewhere && type.date.format.find("%y") == std::string::npos) return Order::same;
  return Order::other;
}

ColumnProblem other_order(std::size_t index, const DatasetColumn& column, const std::string& also,
                          const std::string& format, const std::string& example) {
  return {place_in("dataset", index), column.name, "type",
          "Column " + column.name + " has dates as " + column.type.date.format + " in the dataset, and " +
              also + "as " + format + " in the file" + example + ": day and month would be swapped."};
}

ColumnProblem other_order(std::size_t index, const DatasetColumn& column, Order order,
                          const csv::ColumnVerdict& found, const Seen& seen) {
  const bool known = csv::is_date(found.type.type) && order == Order::other;
  const auto& [text, line] = seen.first_other;
  return other_order(
      index, column, order == Order::both ? "also " : "",
      known ? found.type.date.format : csv::day_and_month_swapped(column.type.date)->format,
      seen.other_order > 0 ? " (\"" + text + "\" in line " + std::to_string(line) + ")" : std::string());
}

}  // namespace

AppendMatch match_append(csv::ByteSource& source, const csv::TableReport& report, const Dataset& dataset,
                         const ImportOptions& options) {
  AppendMatch match;
  const std::vector<std::string> names = names_of(report, options);
  const bool named = std::any_of(options.columns.begin(), options.columns.end(),
                                 [](const ColumnOption& option) { return option.name.has_value(); });
  if (report.detected.dialect.header_rows > 0 || named)
    match_by_name(names, dataset, match);
  else
    match_by_place(names.size(), dataset, match);
  if (!match.problems.empty()) return match;
  const std::vector<Seen> seen = look_at_values(source, report.detected.dialect, dataset, match);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const DatasetColumn& column = dataset.columns[i];
    const csv::ColumnVerdict& found = report.columns[match.file_column[i]].verdict;
    if (const Order order = order_in_file(column.type, found, seen[i]); order != Order::same) {
      match.problems.push_back(other_order(i, column, order, found, seen[i]));
      continue;
    }
    if (seen[i].bad == 0) continue;
    const std::string what = "Column " + column.name + " is " +
                             std::string(csv::to_string(column.type.type)) + " in the dataset, and \"" +
                             seen[i].first_bad.text + "\" in line " + std::to_string(seen[i].first_bad.line) +
                             " of the file is no such value";
    if (seen[i].bad == seen[i].values && seen[i].values >= kEnoughValues)
      match.problems.push_back(
          {place_in("dataset", i), column.name, "type", what + ", nor is any other that was looked at."});
    else
      match.notices.push_back(what + ": records with values that do not fit are rejected.");
  }
  return match;
}

std::vector<ColumnProblem> swapped_dates(std::span<const DatasetColumn> columns,
                                         const std::vector<bool>& swapped) {
  std::vector<ColumnProblem> problems;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!swapped[i]) continue;
    const auto pattern = csv::day_and_month_swapped(columns[i].type.date);
    problems.push_back(other_order(i, columns[i], "also ", pattern ? pattern->format : "", ""));
  }
  return problems;
}

std::string sentence_of(std::span<const ColumnProblem> problems) {
  std::string text = "The file does not fit into the dataset.";
  for (const ColumnProblem& problem : problems.first(std::min(problems.size(), kProblemsSaid)))
    text += " " + problem.detail;
  if (problems.size() > kProblemsSaid)
    text += " And " + std::to_string(problems.size() - kProblemsSaid) + " more.";
  return text + " Mend the file, name its columns with `columns`, or load it as a new dataset.";
}

}  // namespace sluice::db
