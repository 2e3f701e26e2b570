// SPDX-License-Identifier: MIT
#include "fcgi-app/json_request.hpp"

#include <algorithm>

namespace sluice::fcgi {
namespace {

/// application/json, with or without parameters (RFC 9110 section 8.3.1: type and parameter names in any
/// case).
bool is_json(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  for (char& c : type)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return type == "application/json";
}

/// A member's name in a JSON pointer (RFC 6901).
std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

}  // namespace

JsonRequest::JsonRequest(const Request& request, bool may_be_empty) {
  const std::string& text = request.small_body();
  if (text.empty() && may_be_empty) {
    body_ = Json::object();
    return;
  }
  // A form of a foreign page can send text/plain without asking first, but never this type.
  if (!is_json(request.header("Content-Type").value_or("")))
    throw Error(Kind::unsupported, "http.media_type",
                "Content-Type: " + request.header("Content-Type").value_or("none"),
                "Send the body as Content-Type: application/json.");
  body_ = parse_json(text);
  if (!body_.is_object())
    throw RequestError(Kind::invalid, "request.members", {{"#", "must be an object", "type"}});
}

JsonRequest::JsonRequest(Json object, std::string pointer)
    : body_(std::move(object)), pointer_(std::move(pointer)) {
  if (!body_.is_object()) {
    faults_.push_back({pointer_, "must be an object", "type"});
    body_ = Json::object();
  }
}

const Json* JsonRequest::value(std::string_view name) {
  asked_.emplace(name);
  const Json* found = body_.find(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::string JsonRequest::required_string(std::string_view name, std::size_t most_bytes) {
  if (value(name) == nullptr) {
    fault(name, "is missing", "missing");
    return {};
  }
  return string(name, most_bytes).value_or("");
}

std::optional<std::string> JsonRequest::string(std::string_view name, std::size_t most_bytes) {
  const Json* found = value(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) {
    fault(name, "must be a string", "type");
    return std::nullopt;
  }
  if (found->string().size() > most_bytes) {
    fault(name, "may have " + std::to_string(most_bytes) + " bytes", "range");
    return std::nullopt;
  }
  return found->string();
}

std::optional<bool> JsonRequest::boolean(std::string_view name) {
  const Json* found = value(name);
  if (found == nullptr) return std::nullopt;
  if (found->is_bool()) return found->boolean();
  fault(name, "must be true or false", "type");
  return std::nullopt;
}

std::optional<std::int64_t> JsonRequest::integer(std::string_view name, std::int64_t least,
                                                 std::int64_t most) {
  const Json* found = value(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_integer()) {
    fault(name, "must be a whole number", "type");
    return std::nullopt;
  }
  const bool fits = found->text().size() < 19;  // below 10^18: i64() would throw on what does not fit
  if (!fits || found->i64() < least || found->i64() > most) {
    fault(name, "must be from " + std::to_string(least) + " to " + std::to_string(most), "range");
    return std::nullopt;
  }
  return found->i64();
}

std::string JsonRequest::one_of(std::string_view name, std::initializer_list<std::string_view> words) {
  const Json* found = value(name);
  if (found == nullptr) return std::string(*words.begin());
  if (found->is_string() && std::find(words.begin(), words.end(), found->string()) != words.end())
    return found->string();
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  fault(name, "must be one of: " + list, found->is_string() ? "value" : "type");
  return std::string(*words.begin());
}

std::optional<std::vector<std::string>> JsonRequest::strings(std::string_view name, std::size_t most_items) {
  const Json* found = value(name);
  if (found == nullptr) return std::nullopt;
  const auto good = [](const Json& item) { return item.is_string(); };
  if (!found->is_array() || !std::all_of(found->items().begin(), found->items().end(), good)) {
    fault(name, "must be an array of strings", "type");
    return std::nullopt;
  }
  if (found->items().size() > most_items) {
    fault(name, "may have " + std::to_string(most_items) + " items", "range");
    return std::nullopt;
  }
  std::vector<std::string> out;
  for (const Json& item : found->items()) out.push_back(item.string());
  return out;
}

void JsonRequest::fault(std::string_view member, std::string detail, std::string code) {
  faults_.push_back({pointer_ + "/" + escaped(member), std::move(detail), std::move(code)});
}

void JsonRequest::finish(std::string_view code) {
  for (const auto& [name, ignored] : body_.members())
    if (!asked_.contains(name)) fault(name, "is not known here", "unknown");
  if (!faults_.empty()) throw RequestError(Kind::invalid, code, std::move(faults_));
}

}  // namespace sluice::fcgi
