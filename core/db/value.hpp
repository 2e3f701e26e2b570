// SPDX-License-Identifier: MIT
// Value: a parameter bound to a statement. Strings are looked at, not copied: they must outlive the call.
#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/uid.hpp"

namespace sluice::db {

class Value {
 public:
  Value(std::nullptr_t) : held_(std::monostate{}) {}
  template <std::signed_integral T>
  Value(T number) : held_(static_cast<std::int64_t>(number)) {}
  template <std::unsigned_integral T>
  Value(T number) : held_(static_cast<std::uint64_t>(number)) {}  // bool: 0 or 1
  Value(double number) : held_(number) {}
  Value(std::string_view text) : held_(text) {}
  Value(const std::string& text) : held_(std::string_view(text)) {}
  Value(const char* text) : held_(std::string_view(text)) {}
  Value(const Uid& uid) : held_(uid.bytes()) {}
  template <typename T>
  Value(const std::optional<T>& maybe) : Value(maybe ? Value(*maybe) : Value(nullptr)) {}

  const auto& held() const { return held_; }

 private:
  std::variant<std::monostate, std::int64_t, std::uint64_t, double, std::string_view> held_;
};

}  // namespace sluice::db
