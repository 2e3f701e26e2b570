// SPDX-License-Identifier: MIT
#include "fcgi-app/http.hpp"

#include <algorithm>
#include <cctype>

#include "core/base/error.hpp"

namespace sluice::fcgi {

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::patch: return "PATCH";
    case Method::del: return "DELETE";
    case Method::put: return "PUT";
    case Method::options: return "OPTIONS";
    case Method::other: return "OTHER";
  }
  return "OTHER";
}

std::optional<std::string> Request::header(std::string_view name) const {
  const auto same = [&](const auto& entry) {
    return std::equal(entry.first.begin(), entry.first.end(), name.begin(), name.end(),
                      [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b)); });
  };
  const auto found = std::find_if(headers.begin(), headers.end(), same);
  if (found == headers.end()) return std::nullopt;
  if (std::find_if(found + 1, headers.end(), same) != headers.end())
    throw Error(Kind::invalid, "http.duplicate_header", "header " + std::string(name) + " came twice",
                "The header " + std::string(name) + " was sent twice. Send it once.");
  return found->second;
}

Response json_response(int status, const Json& body) {
  Response response(status);
  response.header("Content-Type", "application/json").header("Cache-Control", "no-store");
  response.body = body.text();
  return response;
}

Response accepted(std::string_view location, const Json& body) {
  Response response = json_response(202, body);
  response.header("Location", location);
  return response;
}

}  // namespace sluice::fcgi
