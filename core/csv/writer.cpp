// SPDX-License-Identifier: MIT
#include "core/csv/writer.hpp"

#include <utility>

namespace sluice::csv {

namespace {

// "-5", "-1,234.50": no formula, whatever its column's other cells are.
bool is_negative_number(std::string_view text) {
  if (text.size() < 2 || text[0] != '-' || text[1] < '0' || text[1] > '9') return false;
  return text.find_first_not_of("0123456789.,", 1) == std::string_view::npos;
}

// What a spreadsheet takes for the start of a formula, full-width forms included.
bool starts_formula(std::string_view text) {
  if (is_negative_number(text)) return false;
  switch (text[0]) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
      return true;
    default:
      break;
  }
  for (const std::string_view mark : {"＝", "＋", "－", "＠"}) {
    if (text.substr(0, mark.size()) == mark) return true;
  }
  return false;
}

}  // namespace

Writer::Writer(std::string& out, WriteOptions options) : out_{out}, options_{std::move(options)} {}

void Writer::start_field() {
  if (!first_) out_ += options_.delimiter;
  lone_null_ = false;
  first_ = false;
}

bool Writer::must_quote(std::string_view text) const {
  if (text.front() == ' ' || text.back() == ' ' || text.front() == '#') return true;
  if (options_.delimiter.size() == 1) {  // nearly always, and every cell of an export comes by
    const char delimiter = options_.delimiter.front();
    for (const char c : text) {
      if (c == '"' || c == '\n' || c == '\r' || c == delimiter) return true;
    }
    return false;
  }
  for (const char c : text) {
    if (c == '"' || c == '\n' || c == '\r') return true;
  }
  return text.find(options_.delimiter) != std::string_view::npos ||
         options_.delimiter.find(text.back()) != std::string::npos ||
         options_.delimiter.find(text.front()) != std::string::npos;
}

void Writer::field(std::string_view text, bool number) {
  start_field();
  if (text.empty()) {
    out_ += "\"\"";
    return;
  }
  const bool escape = options_.formulas == Formulas::escape && !number && starts_formula(text);
  if (!escape && !must_quote(text)) {
    out_ += text;
    return;
  }
  out_ += '"';
  if (escape) out_ += '\'';
  for (std::size_t at = 0; at < text.size();) {
    std::size_t quote = text.find('"', at);
    if (quote == std::string_view::npos) quote = text.size();
    out_ += text.substr(at, quote - at);
    if (quote < text.size()) out_ += "\"\"";
    at = quote + 1;
  }
  out_ += '"';
}

void Writer::null() {
  const bool first = first_;
  start_field();
  lone_null_ = first;
}

void Writer::end_record() {
  // One empty field would be an empty line, which readers skip.
  if (lone_null_) out_ += "\"\"";
  out_ += options_.record_end;
  first_ = true;
  lone_null_ = false;
}

}  // namespace sluice::csv
