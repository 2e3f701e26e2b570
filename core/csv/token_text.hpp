// SPDX-License-Identifier: MIT
// "key=value key=value": the one-line form in which dialects and types are stored. In values everything but
// letters, digits and .-_/:, is written as %XX.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::csv {

class TokenWriter {
 public:
  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::uint64_t value);
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class TokenReader {
 public:
  explicit TokenReader(std::string_view text) : rest_{text} {}
  // Nothing at the end, or where the text is not of the form: then bad() says so.
  std::optional<std::pair<std::string_view, std::string>> next();
  bool bad() const { return bad_; }
  static std::uint64_t number(std::string_view value);  // 0 when it is none

 private:
  std::string_view rest_;
  bool bad_ = false;
};

}  // namespace sluice::csv
