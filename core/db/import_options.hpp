// SPDX-License-Identifier: MIT
// What a person asked for about an import: imports.options. Whatever is absent is found out by detection.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.hpp"
#include "core/csv/column_type.hpp"
#include "core/csv/dialect.hpp"

namespace sluice::db {

struct ColumnOption {
  std::uint32_t index = 0;  ///< of the file's column, from 0
  std::optional<std::string> name;
  std::optional<csv::ColumnType> type;  ///< by hand: a cell that has no such value is a reject
  bool has_format = false;              ///< the type's date format is by hand as well
  /// Each of them stands for NULL, in place of the words that Sluice knows by itself; also in a text column.
  std::optional<std::vector<std::string>> null_words;
};

struct ImportOptions {
  std::optional<std::string> dataset;  ///< a name; with `append` also a uid
  bool append = false;                 ///< mode=append
  bool review = false;                 ///< load=review: rest after detection
  bool types_as_text = false;          ///< types=text
  csv::DialectOverrides dialect;
  std::vector<ColumnOption> columns;
  bool all_or_nothing = false;                ///< one reject fails the job
  std::optional<std::uint64_t> reject_limit;  ///< more rejects than this fail the job
  std::optional<double> reject_percent;       ///< the same, of all records of the file

  /// The words for NULL by the file's columns, as the scan takes them.
  std::map<std::uint32_t, std::vector<std::string>> null_words() const;
  /// How many rejects a file of so many records may have.
  std::uint64_t rejects_allowed(std::uint64_t records) const;
};

/// Members: dataset (see is_dataset_name), mode (new|append), load (auto|review), types (auto|text), header
/// (true|false, or how many rows), delimiter (1–4 bytes; "" for none), quote and escape (one character or "";
/// none of the three is a line break or NUL, and the delimiter holds neither of the others), encoding,
/// skip_lines, columns [{index, name, type, date_format, null_words}], on_reject {all_or_nothing, limit,
/// percent}. With mode append the dataset's columns have their types already: `columns` may only name then.
/// Throws Error invalid `import.options` whose advice names the member and what it takes; unknown members are
/// refused.
ImportOptions import_options_from(const Json& json);

/// Throws Error invalid `import.options`: a file of `columns` columns has none of this index.
[[noreturn]] void refuse_column(std::uint32_t index, std::size_t columns);

/// "bool", "int", "bigint", "decimal(12,2)", "double", "date", "datetime", "time", "text"; `format` for dates
/// and times as csv::DatePattern says, also with the mark of a fraction before %f. Nothing when it is none of
/// them.
std::optional<csv::ColumnType> column_type_from(std::string_view name,
                                                const std::optional<std::string>& format);

/// 1 to 200 characters on one line (NFC, without white space at both ends).
bool is_dataset_name(std::string_view name);

/// "sales 2017" for "C:\x\sales 2017.csv".
std::string dataset_name_of_file(std::string_view filename);

}  // namespace sluice::db
