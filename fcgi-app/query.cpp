// SPDX-License-Identifier: MIT
#include "fcgi-app/query.hpp"

#include <optional>

#include "core/base/utf8.hpp"
#include "fcgi-app/request_error.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::size_t kNameShown = 100;  // bytes

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// application/x-www-form-urlencoded; nothing when badly coded.
std::optional<std::string> decode_component(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

/// "a, b, c" for "a b c".
std::string listed(std::string_view words) {
  std::string out;
  for (const char c : words) out += c == ' ' ? std::string(", ") : std::string(1, c);
  return out;
}

bool holds_word(std::string_view words, std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos) return false;
  return (" " + std::string(words) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto key = decode_component(pair.substr(0, equals));
    auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                  : decode_component(pair.substr(equals + 1));
    if (!key || !value)
      throw Error(Kind::invalid, "http.query", "badly coded query",
                  "The query is badly coded: % is followed by two hexadecimal digits, and is never %00.");
    pairs.emplace_back(std::move(*key), std::move(*value));
  }
  return pairs;
}

void require_known_parameters(std::string_view query, std::string_view known) {
  for (const auto& [name, value] : parse_query(query)) {
    if (holds_word(known, name)) continue;
    const std::string takes =
        known.empty() ? "This address takes no parameters." : "This address takes " + listed(known) + ".";
    const bool shown = is_utf8(name) && name.size() <= kNameShown;
    throw parameter_error("http.query", shown ? name : "A parameter", "is not known here. " + takes,
                          "unknown");
  }
}

}  // namespace sluice::fcgi
