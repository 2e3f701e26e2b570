// SPDX-License-Identifier: MIT
// RapidJSON's SAX reader, iterative (its recursive parser overflows the stack at some 10,000 levels), fills
// the tree.
#include "core/base/json.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "core/base/error.hpp"
#include "core/base/utf8.hpp"

namespace sluice {
namespace {

[[noreturn]] void wrong_type(const char* wanted) {
  throw Error(Kind::internal, "json.type", std::string("expected ") + wanted);
}

/// Builds the tree bottom up on a stack of open containers.
class TreeBuilder {
 public:
  explicit TreeBuilder(std::size_t most_depth) : most_depth_(most_depth) {}

  bool Null() { return put(Json()); }
  bool Bool(bool value) { return put(Json(value)); }
  bool Int(int value) { return put(Json(value)); }
  bool Uint(unsigned value) { return put(Json(value)); }
  bool Int64(std::int64_t value) { return put(Json(value)); }
  bool Uint64(std::uint64_t value) { return put(Json(value)); }
  bool Double(double value) { return put(Json(value)); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return put(Json(std::string(text, length)));
  }
  bool StartObject() { return open(true); }
  bool StartArray() { return open(false); }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    std::string name(text, length);
    if (name.find('\0') != std::string::npos) return fail("json.nul");
    if (!levels_.back().take_name(std::move(name))) return fail("json.duplicate_member");
    return true;
  }
  bool EndObject(rapidjson::SizeType) {
    Json done(std::move(levels_.back().members));
    levels_.pop_back();
    return put(std::move(done));
  }
  bool EndArray(rapidjson::SizeType) {
    Json done(std::move(levels_.back().items));
    levels_.pop_back();
    return put(std::move(done));
  }

  const char* problem() const { return problem_; }
  Json take() { return std::move(root_); }

 private:
  struct Level {
    bool is_object = false;
    Json::Object members;
    Json::Array items;
    std::string name;                       ///< of the member whose value comes next
    std::unordered_set<std::string> names;  ///< of an object with many members; a few are looked through

    /// False when there is a member of this name.
    bool take_name(std::string next) {
      constexpr std::size_t kMany = 16;
      name = std::move(next);
      if (members.size() < kMany)
        return std::none_of(members.begin(), members.end(),
                            [&](const auto& each) { return each.first == name; });
      if (names.empty())
        for (const auto& each : members) names.insert(each.first);
      return names.insert(name).second;
    }
  };

  bool fail(const char* code) {
    problem_ = code;
    return false;
  }
  bool open(bool is_object) {
    if (levels_.size() >= most_depth_) return fail("json.too_deep");
    levels_.emplace_back().is_object = is_object;
    return true;
  }
  bool put(Json value) {
    if (levels_.empty()) {
      root_ = std::move(value);
    } else if (levels_.back().is_object) {
      levels_.back().members.emplace_back(std::move(levels_.back().name), std::move(value));
    } else {
      levels_.back().items.push_back(std::move(value));
    }
    return true;
  }

  std::size_t most_depth_;
  std::vector<Level> levels_;
  Json root_;
  const char* problem_ = nullptr;
};

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void put_string(Writer& writer, std::string_view text) {
  if (is_utf8(text)) {
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return;
  }
  std::string mended;
  while (!text.empty()) {
    char32_t ignored = 0;
    const std::size_t length = utf8_character(text, ignored);
    mended += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  writer.String(mended.data(), static_cast<rapidjson::SizeType>(mended.size()));
}

void write(Writer& writer, const Json& value) {
  if (value.is_null()) {
    writer.Null();
  } else if (value.is_bool()) {
    writer.Bool(value.boolean());
  } else if (value.is_string()) {
    put_string(writer, value.string());
  } else if (value.is_array()) {
    writer.StartArray();
    for (const Json& item : value.items()) write(writer, item);
    writer.EndArray();
  } else if (value.is_object()) {
    writer.StartObject();
    for (const auto& [name, member] : value.members()) {
      put_string(writer, name);
      write(writer, member);
    }
    writer.EndObject();
  } else if (value.is_integer()) {
    if (value == Json(0) || value.real() < 0) {
      writer.Int64(value.i64());
    } else {
      writer.Uint64(value.u64());
    }
  } else if (std::isfinite(value.real())) {
    writer.Double(value.real());
  } else {
    writer.Null();
  }
}

}  // namespace

Json Json::object(std::initializer_list<Named> members) {
  Object object;
  object.reserve(members.size());
  for (const Named& member : members) object.emplace_back(member.name, std::move(member.value));
  return Json(std::move(object));
}

bool Json::boolean() const {
  if (const bool* value = std::get_if<bool>(&held_)) return *value;
  wrong_type("a boolean");
}
std::int64_t Json::i64() const {
  if (const auto* value = std::get_if<std::int64_t>(&held_)) return *value;
  if (const auto* value = std::get_if<std::uint64_t>(&held_); value && *value <= INT64_MAX)
    return static_cast<std::int64_t>(*value);
  wrong_type("an integer");
}
std::uint64_t Json::u64() const {
  if (const auto* value = std::get_if<std::uint64_t>(&held_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&held_); value && *value >= 0)
    return static_cast<std::uint64_t>(*value);
  wrong_type("a natural number");
}
double Json::real() const {
  if (const double* value = std::get_if<double>(&held_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&held_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<std::uint64_t>(&held_)) return static_cast<double>(*value);
  wrong_type("a number");
}
const std::string& Json::string() const {
  if (const auto* value = std::get_if<std::string>(&held_)) return *value;
  wrong_type("a string");
}
const Json::Array& Json::items() const {
  if (const auto* value = std::get_if<Array>(&held_)) return *value;
  wrong_type("an array");
}
Json::Array& Json::items() {
  if (auto* value = std::get_if<Array>(&held_)) return *value;
  wrong_type("an array");
}
const Json::Object& Json::members() const {
  if (const auto* value = std::get_if<Object>(&held_)) return *value;
  wrong_type("an object");
}
const Json* Json::find(std::string_view name) const {
  for (const auto& [key, value] : members()) {
    if (key == name) return &value;
  }
  return nullptr;
}
const Json& Json::at(std::string_view name) const {
  if (const Json* found = find(name)) return *found;
  throw Error(Kind::internal, "json.member", "no member " + std::string(name));
}
Json& Json::set(std::string_view name, Json value) {
  if (is_null()) held_ = Object{};
  auto* object = std::get_if<Object>(&held_);
  if (object == nullptr) wrong_type("an object");
  for (auto& [key, held] : *object) {
    if (key == name) {
      held = std::move(value);
      return *this;
    }
  }
  object->emplace_back(std::string(name), std::move(value));
  return *this;
}
Json& Json::push(Json value) {
  if (is_null()) held_ = Array{};
  items().push_back(std::move(value));
  return *this;
}

std::string Json::text() const {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  write(writer, *this);
  return {buffer.GetString(), buffer.GetSize()};
}

Json parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.bytes)
    throw Error(Kind::too_large, "json.too_large", std::to_string(text.size()) + " bytes");
  TreeBuilder builder(limits.depth);
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseFullPrecisionFlag;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, builder);
  if (result.IsError()) {
    const char* code = builder.problem() != nullptr                                   ? builder.problem()
                       : result.Code() == rapidjson::kParseErrorStringInvalidEncoding ? "json.encoding"
                                                                                      : "json.syntax";
    throw Error(Kind::invalid, code,
                std::string(rapidjson::GetParseError_En(result.Code())) + " at byte " +
                    std::to_string(result.Offset()));
  }
  return builder.take();
}

Json parse_stored_json(std::string_view text) {
  constexpr JsonLimits kStored{64u << 20, 64};
  try {
    return parse_json(text, kStored);
  } catch (const Error& error) {
    throw Error(Kind::internal, "json.stored", error.detail());
  }
}

}  // namespace sluice
