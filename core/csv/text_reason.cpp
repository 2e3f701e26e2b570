// SPDX-License-Identifier: MIT
#include "core/csv/text_reason.hpp"

#include <optional>
#include <utility>

namespace sluice::csv {

namespace {

constexpr std::size_t kMostTold = 5;

// "date and date_format %Y-%m-%d": a type by hand that reads the others as they are. Of dates in digits it is
// not known for the whole column which of them is the day.
std::string advised_type(const ColumnType& type) {
  const bool plain = type.number.group == 0 && type.number.decimal == '.' && type.number.prefix.empty() &&
                     type.number.suffix.empty();
  switch (type.type) {
    case Type::integer:
    case Type::bigint:
      return plain ? "bigint" : "";
    case Type::decimal:
      return plain ? "decimal(38," + std::to_string(type.scale) + ")" : "";
    case Type::real:
      return plain ? "double" : "";
    case Type::date:
    case Type::datetime:
      return type.date.format.starts_with("%Y") && type.fraction == 0
                 ? std::string{to_string(type.type)} + " and date_format " + type.date.format
                 : "";
    default:
      return "";
  }
}

// "null_words "soon", "NULL"": with that list the column has the type of the others. Nothing when it has
// no place in it.
std::string advised_words(const OddCell& odd) {
  if (!odd.whole || odd.why != OddCell::Why::other_kind) return "";
  std::string words = "null_words \"" + odd.text + "\"";
  for (const std::string& word : odd.null_words) words += ", \"" + word + "\"";
  return words;
}

std::string sentence_of(const std::string& name, const OddCell& odd) {
  const std::string others = !odd.dates ? "numbers" : odd.type.type == Type::time ? "times" : "dates";
  std::string sentence = "Column " + name + " stays text because of \"" + odd.text + "\" in line " +
                         std::to_string(odd.line) + ": ";
  sentence += odd.why == OddCell::Why::other_writing ? "it is not written as the " + others + " above it."
                                                     : "nearly all other values are " + others + ".";
  sentence += " Mend the file";
  const std::string words = advised_words(odd), type = advised_type(odd.type);
  if (!words.empty())
    sentence += ", or load it again with " + words + " for the column, if it stands for no value";
  if (!type.empty())
    sentence += ", or " + std::string(words.empty() ? "load it again " : "") + "with type " + type +
                ": then such records become rejects";
  return sentence + ".";
}

std::optional<std::string> reason_of(const std::string& name, const ColumnReport& column) {
  if (!is_text(column.verdict.type.type)) return std::nullopt;
  if (column.verdict.order == DateOrder::ambiguous)
    return "Column " + name +
           " holds dates, and nothing in the file decides which of their parts is day, month or year, so it "
           "stays text. Load it again with the date_format that is right.";
  if (column.verdict.order == DateOrder::contradictory)
    return "Column " + name + " mixes day/month and month/day, so it stays text.";
  if (!column.odd) return std::nullopt;
  return sentence_of(name, *column.odd);
}

}  // namespace

std::vector<std::string> text_reasons(const std::vector<TextColumn>& columns) {
  std::vector<std::string> reasons;
  std::size_t more = 0;
  for (const TextColumn& column : columns) {
    auto reason = reason_of(column.name, *column.report);
    if (!reason) continue;
    if (reasons.size() < kMostTold)
      reasons.push_back(std::move(*reason));
    else
      ++more;
  }
  if (more > 0) reasons.push_back("So it is with more of the columns: " + std::to_string(more) + ".");
  return reasons;
}

}  // namespace sluice::csv
