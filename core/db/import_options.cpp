// SPDX-License-Identifier: MIT
#include "core/db/import_options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/fold.hpp"
#include "core/base/utf8.hpp"
#include "core/csv/date_text.hpp"

namespace sluice::db {
namespace {

constexpr std::uint64_t kMostColumns = 20000;
constexpr std::uint32_t kMostHeaderRows = 20;
constexpr std::uint32_t kMostSkippedLines = 2'000'000'000;
constexpr std::uint64_t kMostDelimiterBytes = 4;
constexpr std::size_t kMostNameCharacters = 200;
constexpr std::string_view kNeverInside{"\0\r\n", 3};  // of a delimiter, a quote, an escape
constexpr unsigned kMostDigits = 38;
constexpr std::uint8_t kMicroseconds = 6;
constexpr std::size_t kMostNullWords = 50;
constexpr std::size_t kNullWordBytes = 200;

[[noreturn]] void wrong(const std::string& member, const std::string& what) {
  throw Error(Kind::invalid, "import.options", member, "`" + member + "` " + what + ".");
}

const std::string& text_of(const std::string& member, const Json& value) {
  if (!value.is_string()) wrong(member, "must be a text");
  return value.string();
}

std::uint64_t number_of(const std::string& member, const Json& value, std::uint64_t most) {
  if (!value.is_integer() || value.text().front() == '-' || value.u64() > most)
    wrong(member, "must be a whole number from 0 to " + std::to_string(most));
  return value.u64();
}

bool flag_of(const std::string& member, const Json& value) {
  if (!value.is_bool()) wrong(member, "must be true or false");
  return value.boolean();
}

bool second_of(const std::string& member, const Json& value, std::string_view first,
               std::string_view second) {
  const std::string& text = text_of(member, value);
  if (text != first && text != second)
    wrong(member, "must be " + std::string(first) + " or " + std::string(second));
  return text == second;
}

char character_of(const std::string& member, const Json& value) {
  const std::string& text = text_of(member, value);
  if (text.size() > 1 || (text.size() == 1 && static_cast<unsigned char>(text[0]) >= 0x80))
    wrong(member, "must be one ASCII character, or empty for none");
  if (text.find_first_of(kNeverInside) != std::string::npos) wrong(member, "must not be a line break or NUL");
  return text.empty() ? '\0' : text[0];
}

std::string delimiter_of(const std::string& member, const Json& value) {
  const std::string& text = text_of(member, value);
  if (text.size() > kMostDelimiterBytes) wrong(member, "must have at most 4 bytes");
  if (!is_utf8(text)) wrong(member, "must be UTF-8");
  if (text.find_first_of(kNeverInside) != std::string::npos)
    wrong(member, "must not hold a line break or NUL");
  return text;
}

/// Three marks that cannot be told apart make no table. An escape that is the quote says what no escape says:
/// a quote inside is written twice.
void require_unlike_marks(csv::DialectOverrides& dialect) {
  if (dialect.escape == dialect.quote.value_or('"')) dialect.escape = '\0';
  const std::string delimiter = dialect.delimiter.value_or("");
  const auto holds = [&](std::optional<char> mark) {
    return mark && *mark != '\0' && delimiter.find(*mark) != std::string::npos;
  };
  if (holds(dialect.quote)) wrong("delimiter", "must not hold the quote");
  if (holds(dialect.escape)) wrong("delimiter", "must not hold the escape");
}

double percent_of(const std::string& member, const Json& value) {
  const bool number = !value.is_string() && !value.is_bool() && !value.is_array() && !value.is_object();
  const double percent = number ? value.real() : -1;
  if (!(percent >= 0 && percent <= 100)) wrong(member, "must be a number from 0 to 100");
  return percent;
}

std::vector<std::string> words_of(const std::string& member, const Json& value) {
  if (!value.is_array() || value.items().size() > kMostNullWords)
    wrong(member, "must be a list of at most " + std::to_string(kMostNullWords) + " texts");
  std::vector<std::string> words;
  for (const Json& item : value.items()) {
    const std::string& word = text_of(member, item);
    if (word.empty() || word.size() > kNullWordBytes)
      wrong(member, "takes words of 1 to " + std::to_string(kNullWordBytes) +
                        " bytes; an empty field is NULL anyway");
    words.push_back(word);
  }
  return words;
}

ColumnOption column_from(const Json& json, const std::string& at) {
  if (!json.is_object()) wrong(at, "must be an object");
  ColumnOption option;
  bool has_index = false;
  std::optional<std::string> type, format;
  for (const auto& [name, value] : json.members()) {
    const std::string member = at + "." + name;
    if (name == "index") {
      option.index = static_cast<std::uint32_t>(number_of(member, value, kMostColumns));
      has_index = true;
    } else if (value.is_null()) {
      continue;
    } else if (name == "name") {
      option.name = text_of(member, value);
      if (option.name->empty()) wrong(member, "must not be empty");
    } else if (name == "type") {
      type = text_of(member, value);
    } else if (name == "date_format") {
      format = text_of(member, value);
    } else if (name == "null_words") {
      option.null_words = words_of(member, value);
    } else {
      wrong(member, "is not known here");
    }
  }
  if (!has_index) wrong(at + ".index", "is missing");
  if (format && !type) wrong(at + ".date_format", "needs `type`");
  if (type) {
    option.type = column_type_from(*type, format);
    option.has_format = format.has_value();
    const auto without = column_type_from(*type, std::nullopt);
    if (!without)
      wrong(at + ".type", "must be bool, int, bigint, decimal(p,s), double, date, datetime, time or text");
    if (!option.type && !csv::is_date(without->type) && without->type != csv::Type::time)
      wrong(at + ".date_format", "goes with the types date, datetime and time only");
    if (!option.type)
      wrong(
          at + ".date_format",
          "must say each part that the type needs, and each once: a date %Y (or %y), %m (or %b, %B) and %d, "
          "a "
          "time %H (or %I with %p), %M and perhaps %S and %f, a datetime both. No other letters may follow a "
          "%; %-m, %-d, %-H and %-I have no leading zero");
  }
  return option;
}

void read_on_reject(const Json& json, ImportOptions& options) {
  if (!json.is_object()) wrong("on_reject", "must be an object");
  for (const auto& [name, value] : json.members()) {
    if (name == "all_or_nothing")
      options.all_or_nothing = flag_of("on_reject.all_or_nothing", value);
    else if (name == "limit") {
      if (!value.is_null()) options.reject_limit = number_of("on_reject.limit", value, INT64_MAX);
    } else if (name == "percent") {
      if (!value.is_null()) options.reject_percent = percent_of("on_reject.percent", value);
    } else
      wrong("on_reject." + name, "is not known here");
  }
}

/// A fraction's mark is part of %f, and people write it before it as well.
std::string with_marks_inside(std::string format) {
  for (const auto& [written, meant] : {std::pair{".%f", "%f"}, {".%?f", "%?f"}, {",%f", "%,f"}}) {
    const std::size_t at = format.find(written);
    if (at != std::string::npos) format.replace(at, std::string_view(written).size(), meant);
  }
  return format;
}

bool has_fraction(std::string_view format) {
  return format.find("%f") != std::string_view::npos || format.find("%?f") != std::string_view::npos ||
         format.find("%,f") != std::string_view::npos;
}

std::optional<csv::ColumnType> decimal_from(std::string_view name) {
  const std::size_t comma = name.find(',');
  if (!name.ends_with(')') || comma == std::string_view::npos) return std::nullopt;
  unsigned precision = 0, scale = 0;
  const std::string_view p = name.substr(8, comma - 8), s = name.substr(comma + 1, name.size() - comma - 2);
  const auto a = std::from_chars(p.data(), p.data() + p.size(), precision);
  const auto b = std::from_chars(s.data(), s.data() + s.size(), scale);
  if (a.ec != std::errc{} || a.ptr != p.data() + p.size() || b.ec != std::errc{} ||
      b.ptr != s.data() + s.size())
    return std::nullopt;
  if (precision < 1 || precision > kMostDigits || scale > precision) return std::nullopt;
  csv::ColumnType type;
  type.type = csv::Type::decimal;
  type.precision = static_cast<std::uint8_t>(precision);
  type.scale = static_cast<std::uint8_t>(scale);
  return type;
}

}  // namespace

void refuse_column(std::uint32_t index, std::size_t columns) {
  throw Error(Kind::invalid, "import.options", "no column " + std::to_string(index),
              "The file has no column with index " + std::to_string(index) + ": it has " +
                  std::to_string(columns) + " columns, counted from 0.");
}

std::optional<csv::ColumnType> column_type_from(std::string_view name,
                                                const std::optional<std::string>& format) {
  csv::ColumnType type;
  bool date = false, time = false;
  if (name.starts_with("decimal(")) {
    if (format) return std::nullopt;
    return decimal_from(name);
  }
  if (name == "bool") {
    type.type = csv::Type::boolean;
    type.word_true = "true";
    type.word_false = "false";
  } else if (name == "int") {
    type.type = csv::Type::integer;
  } else if (name == "bigint") {
    type.type = csv::Type::bigint;
  } else if (name == "double") {
    type.type = csv::Type::real;
  } else if (name == "text") {
    type.type = csv::Type::longtext;
  } else if (name == "date") {
    type.type = csv::Type::date;
    type.date.format = with_marks_inside(format.value_or("%Y-%m-%d"));
    date = true;
  } else if (name == "datetime") {
    type.type = csv::Type::datetime;
    type.date.format = with_marks_inside(format.value_or("%Y-%m-%d %H:%M:%S"));
    date = time = true;
  } else if (name == "time") {
    type.type = csv::Type::time;
    type.date.format = with_marks_inside(format.value_or("%H:%M:%S"));
    time = true;
  } else {
    return std::nullopt;
  }
  if (!date && !time) return format ? std::nullopt : std::optional(type);
  if (!csv::is_pattern(type.date.format, date, time)) return std::nullopt;
  if (has_fraction(type.date.format)) type.fraction = kMicroseconds;
  return type;
}

ImportOptions import_options_from(const Json& json) {
  if (!json.is_object()) wrong("options", "must be an object");
  ImportOptions options;
  for (const auto& [name, value] : json.members()) {
    if (value.is_null()) continue;
    if (name == "dataset") {
      options.dataset = text_of(name, value);
      if (!is_dataset_name(*options.dataset))
        wrong(name, "must have 1 to " + std::to_string(kMostNameCharacters) + " characters on one line");
    } else if (name == "mode") {
      options.append = second_of(name, value, "new", "append");
    } else if (name == "load") {
      options.review = second_of(name, value, "auto", "review");
    } else if (name == "types") {
      options.types_as_text = second_of(name, value, "auto", "text");
    } else if (name == "header") {
      options.dialect.header_rows = value.is_bool()
                                        ? (value.boolean() ? 1u : 0u)
                                        : static_cast<std::uint32_t>(number_of(name, value, kMostHeaderRows));
    } else if (name == "delimiter") {
      options.dialect.delimiter = delimiter_of(name, value);
    } else if (name == "quote") {
      options.dialect.quote = character_of(name, value);
    } else if (name == "escape") {
      options.dialect.escape = character_of(name, value);
    } else if (name == "encoding") {
      options.dialect.encoding = csv::encoding_from(text_of(name, value));
      if (!options.dialect.encoding) wrong(name, "must be utf-8, utf-16le, utf-16be or windows-1252");
    } else if (name == "skip_lines") {
      options.dialect.preamble_lines = static_cast<std::uint32_t>(number_of(name, value, kMostSkippedLines));
    } else if (name == "columns") {
      if (!value.is_array()) wrong(name, "must be a list");
      for (std::size_t i = 0; i < value.items().size(); ++i)
        options.columns.push_back(column_from(value.items()[i], "columns[" + std::to_string(i) + "]"));
      std::set<std::uint32_t> indexes;
      for (const ColumnOption& column : options.columns)
        if (!indexes.insert(column.index).second)
          wrong(name, "names the column with index " + std::to_string(column.index) + " twice");
    } else if (name == "on_reject") {
      read_on_reject(value, options);
    } else {
      wrong(name, "is not known here");
    }
  }
  require_unlike_marks(options.dialect);
  if (options.append && !options.dataset) wrong("dataset", "is needed with mode append");
  for (const ColumnOption& column : options.columns)
    if (options.append && (column.type || column.null_words))
      wrong("columns",
            "may only give names with mode append: types and words for NULL are those of the dataset");
  return options;
}

std::map<std::uint32_t, std::vector<std::string>> ImportOptions::null_words() const {
  std::map<std::uint32_t, std::vector<std::string>> words;
  for (const ColumnOption& column : columns)
    if (column.null_words) words.emplace(column.index, *column.null_words);
  return words;
}

std::uint64_t ImportOptions::rejects_allowed(std::uint64_t records) const {
  if (all_or_nothing) return 0;
  std::uint64_t allowed = reject_limit.value_or(UINT64_MAX);
  if (reject_percent)
    allowed = std::min(allowed, static_cast<std::uint64_t>(
                                    std::floor(static_cast<double>(records) * *reject_percent / 100)));
  return allowed;
}

bool is_dataset_name(std::string_view name) {
  const auto clean = clean_name(name);
  return clean && !clean->empty() && count_characters(*clean) <= kMostNameCharacters;
}

std::string dataset_name_of_file(std::string_view filename) {
  const std::size_t slash = filename.find_last_of("/\\");
  std::string_view name = slash == std::string_view::npos ? filename : filename.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos && dot > 0) name = name.substr(0, dot);
  std::string clean;
  for (const char c : name)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) clean += c;
  return clean;
}

}  // namespace sluice::db
