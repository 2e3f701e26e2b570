// SPDX-License-Identifier: MIT
// Json: a parsed or a built JSON value (RFC 8259), and the one place that runs a parser. RapidJSON stays
// inside.
#pragma once
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sluice {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;  ///< in the order of the text; names are unique

  Json() = default;  ///< null
  Json(std::nullptr_t) {}
  template <std::same_as<bool> T>
  Json(T value) : held_(value) {}
  template <std::signed_integral T>
  Json(T value) : held_(static_cast<std::int64_t>(value)) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Json(T value) : held_(static_cast<std::uint64_t>(value)) {}
  Json(double value) : held_(value) {}
  Json(std::string value) : held_(std::move(value)) {}
  Json(std::string_view value) : held_(std::string(value)) {}
  Json(const char* value) : held_(std::string(value)) {}
  Json(Array value) : held_(std::move(value)) {}
  Json(Object value) : held_(std::move(value)) {}
  template <typename T>
  Json(const std::optional<T>& maybe) {
    if (maybe) *this = Json(*maybe);
  }
  struct Named;
  static Json object() { return Json(Object{}); }
  static Json object(std::initializer_list<Named> members);
  static Json array(std::initializer_list<Json> items = {}) { return Json(Array(items)); }

  bool is_null() const { return std::holds_alternative<std::monostate>(held_); }
  bool is_bool() const { return std::holds_alternative<bool>(held_); }
  bool is_integer() const {
    return std::holds_alternative<std::int64_t>(held_) || std::holds_alternative<std::uint64_t>(held_);
  }
  bool is_string() const { return std::holds_alternative<std::string>(held_); }
  bool is_array() const { return std::holds_alternative<Array>(held_); }
  bool is_object() const { return std::holds_alternative<Object>(held_); }

  // Typed access; Error internal `json.type` when it is something else (for JSON of our own; requests are
  // checked by fcgi-app/json_request, which names the member to the user).
  bool boolean() const;
  std::int64_t i64() const;   ///< any integer that fits
  std::uint64_t u64() const;  ///< any integer that fits
  double real() const;        ///< any number
  const std::string& string() const;
  const Array& items() const;
  Array& items();
  const Object& members() const;

  /// The member, or nullptr. Error internal when this is no object.
  const Json* find(std::string_view name) const;
  /// The member; Error internal `json.member` when there is none.
  const Json& at(std::string_view name) const;
  /// Sets or replaces a member; null becomes an object first. Returns *this.
  Json& set(std::string_view name, Json value);
  /// Appends to an array; null becomes an array first. Returns *this.
  Json& push(Json value);

  std::string text() const;  ///< compact; invalid UTF-8 in strings becomes U+FFFD
  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> held_;
};

/// A member of an object as it is written down: {"name", value}. An initializer_list hands out only what is
/// const; the value is mutable to be moved from there, not copied with all that it holds.
struct Json::Named {
  std::string_view name;
  mutable Json value;
};

struct JsonLimits {
  std::size_t bytes = 64 * 1024;
  std::size_t depth = 32;
};

/// Parses one value. Throws Error invalid: `json.syntax`, `json.too_deep`, `json.duplicate_member`,
/// `json.encoding` (not UTF-8), `json.nul` (NUL in a member's name); too_large `json.too_large`. Never
/// recursive.
Json parse_json(std::string_view text, JsonLimits limits = {});

/// For JSON that Sluice itself stored: 64 MiB, depth 64; an error is internal.
Json parse_stored_json(std::string_view text);

}  // namespace sluice
