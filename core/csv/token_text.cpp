// SPDX-License-Identifier: MIT
#include "core/csv/token_text.hpp"

#include <charconv>

namespace sluice::csv {

namespace {

bool plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
         c == '_' || c == '/' || c == ':' || c == ',';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void TokenWriter::text(std::string_view key, std::string_view value) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  if (!out_.empty()) out_ += ' ';
  out_ += key;
  out_ += '=';
  for (const char c : value) {
    if (plain(c)) {
      out_ += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out_ += '%';
      out_ += kHex[byte >> 4];
      out_ += kHex[byte & 15];
    }
  }
}

void TokenWriter::number(std::string_view key, std::uint64_t value) {
  text(key, std::to_string(value));
}

std::optional<std::pair<std::string_view, std::string>> TokenReader::next() {
  if (rest_.empty() || bad_) return std::nullopt;
  const std::string_view token = rest_.substr(0, rest_.find(' '));
  rest_.remove_prefix(token.size() == rest_.size() ? token.size() : token.size() + 1);
  const std::size_t equals = token.find('=');
  if (equals == std::string_view::npos) {
    bad_ = true;
    return std::nullopt;
  }
  std::pair<std::string_view, std::string> result{token.substr(0, equals), {}};
  for (std::size_t i = equals + 1; i < token.size(); ++i) {
    if (token[i] != '%') {
      result.second += token[i];
      continue;
    }
    const int high = i + 2 < token.size() ? hex_digit(token[i + 1]) : -1;
    const int low = i + 2 < token.size() ? hex_digit(token[i + 2]) : -1;
    if (high < 0 || low < 0) {
      bad_ = true;
      return std::nullopt;
    }
    result.second += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return result;
}

std::uint64_t TokenReader::number(std::string_view value) {
  std::uint64_t result = 0;
  std::from_chars(value.data(), value.data() + value.size(), result);
  return result;
}

}  // namespace sluice::csv
