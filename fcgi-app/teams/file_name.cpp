// SPDX-License-Identifier: MIT
#include "fcgi-app/teams/file_name.hpp"

#include <algorithm>

#include "core/base/fold.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::size_t kMostCharacters = 255;

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high && low) {
        out += static_cast<char>(*high * 16 + *low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

// The parameter's value, quotes and their escapes undone.
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
  bool quoted = false;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i] == '\\' && quoted) {
      ++i;
    } else if (header[i] == '"') {
      quoted = !quoted;
    } else if (header[i] == ';' && !quoted) {
      std::string_view rest = header.substr(i + 1);
      rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
      if (rest.size() <= name.size() || rest[name.size()] != '=') continue;
      const bool same = std::equal(name.begin(), name.end(), rest.begin(), [](char a, char b) {
        return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
      });
      if (!same) continue;
      rest.remove_prefix(name.size() + 1);
      std::string value;
      if (!rest.starts_with('"')) return std::string(rest.substr(0, rest.find_first_of("; ")));
      for (std::size_t k = 1; k < rest.size() && rest[k] != '"'; ++k) {
        if (rest[k] == '\\' && k + 1 < rest.size()) ++k;
        value += rest[k];
      }
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> file_name_in(std::string_view header) {
  constexpr std::string_view kUtf8 = "UTF-8''";
  std::string name;
  if (const auto exact = parameter(header, "filename*");
      exact && exact->size() > kUtf8.size() && name_key(exact->substr(0, kUtf8.size())) == name_key(kUtf8)) {
    name = percent_decoded(std::string_view(*exact).substr(kUtf8.size()));
  } else if (const auto plain = parameter(header, "filename")) {
    name = *plain;
  }
  name.erase(0, name.find_last_of("/\\") + 1);
  const auto clean = clean_name(name);
  if (!clean || clean->empty() || count_characters(*clean) > kMostCharacters) return std::nullopt;
  return clean;
}

std::optional<std::string> file_name_of(const Request& request) {
  const auto header = request.header("Content-Disposition");
  return header ? file_name_in(*header) : std::nullopt;
}

}  // namespace sluice::fcgi
