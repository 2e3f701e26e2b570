// SPDX-License-Identifier: MIT
#include "core/db/result.hpp"

#include <charconv>

#include "core/base/error.hpp"

namespace sluice::db {
namespace {

[[noreturn]] void defect(std::size_t column, const char* what) {
  throw Error(Kind::internal, "db.column", "column " + std::to_string(column) + " " + what);
}

template <typename T>
T number(const std::string& text, std::size_t column) {
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) defect(column, "holds no such number");
  return value;
}

}  // namespace

const std::string& Row::text(std::size_t column) const {
  const auto& field = fields_.at(column);
  if (!field) defect(column, "is NULL");
  return *field;
}
std::uint64_t Row::u64(std::size_t column) const {
  return number<std::uint64_t>(text(column), column);
}
std::int64_t Row::i64(std::size_t column) const {
  return number<std::int64_t>(text(column), column);
}
double Row::real(std::size_t column) const {
  return number<double>(text(column), column);
}
std::optional<std::uint64_t> Row::maybe_u64(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return u64(column);
}

}  // namespace sluice::db
