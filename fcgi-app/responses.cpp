// SPDX-License-Identifier: MIT
// The shapes of answers that handlers share: JSON, JSON that is polled, files sent by nginx, pages of lists.
#include <algorithm>

#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "core/base/utf8.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/integers.hpp"
#include "fcgi-app/query.hpp"
#include "fcgi-app/request_error.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::uint32_t kMostItems = 1000;
constexpr std::string_view kCursorMark =
    "c2:";  // a cursor says what it is, so that any other text is refused
constexpr std::size_t kListMarkBytes = 6;

/// True if the list of If-None-Match holds the tag (weak comparison, RFC 9110 section 13.1.2).
bool names_tag(std::string_view list, std::string_view tag) {
  if (list == "*") return true;
  for (std::size_t at = list.find(tag); at != std::string_view::npos; at = list.find(tag, at + 1)) {
    const std::size_t end = at + tag.size();
    if (end == list.size() || list[end] == ',' || list[end] == ' ') return true;
  }
  return false;
}

/// What a cursor of this list begins with: where it stands in another one, or under other filters, means
/// nothing. No secret: who forges a cursor reads his own rows only.
std::string list_mark(const Request& request) {
  auto pairs = parse_query(request.query);
  std::erase_if(pairs, [](const auto& pair) { return pair.first == "limit" || pair.first == "cursor"; });
  std::sort(pairs.begin(), pairs.end());
  std::string text = request.path;
  for (const auto& [name, value] : pairs) text += '\0' + name + '\0' + value;
  return sha256(text).substr(0, kListMarkBytes);
}

std::string to_base64url(std::string_view bytes) {
  std::string text = base64_encode(bytes);
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

bool is_unsafe_in_name(char32_t c) {
  return c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == U'/' || c == U'\\' ||
         (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xfeff;
}

/// Valid UTF-8 without control characters, separators of folders and marks of direction; never empty.
std::string clean_name(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    char32_t c = 0;
    const std::size_t length = utf8_character(name.substr(i), c);
    if (length == 0) {
      out += '_';
      ++i;
      continue;
    }
    if (is_unsafe_in_name(c))
      out += '_';
    else
      out += name.substr(i, length);
    i += length;
  }
  while (!out.empty() && (out.front() == '.' || out.front() == ' ')) out.erase(0, 1);
  return out.empty() ? "file" : out;
}

}  // namespace

/// RFC 6266: a plain name for old clients, and the exact one.
std::string content_disposition(std::string_view shown_name) {
  const std::string name = clean_name(shown_name);
  std::string plain, exact;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      if ((byte & 0xc0) != 0x80) plain += '_';
    } else if (c == '"' || c == '%') {
      plain += '_';
    } else {
      plain += c;
    }
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
        c == '_')
      exact += c;
    else
      exact += "%" + to_hex(std::string_view(&c, 1));
  }
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + exact;
}

Response json_response(int status, const Json& body) {
  Response response(status);
  response.header("Content-Type", "application/json").header("Cache-Control", "no-store");
  response.body = body.text();
  return response;
}

Response json_with_etag(const Request& request, const Json& body, std::optional<int> retry_after_s) {
  Response response(200);
  response.body = body.text();
  const std::string tag = "\"" + to_hex(sha256(response.body)).substr(0, 32) + "\"";
  response.header("ETag", tag).header("Cache-Control", "private, no-cache");
  if (retry_after_s) response.header("Retry-After", std::to_string(*retry_after_s));
  if (const auto known = request.header("If-None-Match"); known && names_tag(*known, tag)) {
    response.status = 304;
    response.body.clear();
    return response;
  }
  response.header("Content-Type", "application/json");
  return response;
}

Response accepted(std::string_view location, const Json& body) {
  Response response = json_response(202, body);
  response.header("Location", location);
  return response;
}

Response file_response(std::string_view relative_path, std::string_view shown_name,
                       std::string_view media_type, std::optional<std::string> sha256_raw) {
  if (relative_path.empty() || relative_path.front() == '/' ||
      relative_path.find("..") != std::string_view::npos)
    throw Error(Kind::internal, "http.file_path", "not below the data folder: " + std::string(relative_path));
  Response response(200);
  response.header("X-Accel-Redirect", "/_files/" + std::string(relative_path));
  response.header("Content-Type", media_type).header("Content-Disposition", content_disposition(shown_name));
  response.header("X-Content-Type-Options", "nosniff").header("Cache-Control", "private, no-cache");
  // nginx drops this header at the redirect and sets it again from $upstream_http_repr_digest (RFC 9530).
  if (sha256_raw) response.header("Repr-Digest", "sha-256=:" + base64_encode(*sha256_raw) + ":");
  return response;
}

Page page_of(const Request& request) {
  Page page;
  page.list = list_mark(request);
  if (const auto limit = request.query_parameter("limit")) {
    const auto value = parse_integer(*limit);
    if (!value || *value < 1 || *value > kMostItems)
      throw parameter_error("http.limit", "limit",
                            "must be a number from 1 to " + std::to_string(kMostItems) + ".", "range");
    page.limit = static_cast<std::uint32_t>(*value);
  }
  if (const auto cursor = request.query_parameter("cursor")) {
    std::string text = *cursor;
    for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    const auto decoded = base64_decode(text + std::string((4 - text.size() % 4) % 4, '='));
    if (!decoded || !decoded->starts_with(kCursorMark))
      throw parameter_error("http.cursor", "cursor",
                            "is none. Take it from `next` of the page before, unchanged.", "value");
    const std::string_view rest = std::string_view(*decoded).substr(kCursorMark.size());
    if (!rest.starts_with(page.list))
      throw parameter_error(
          "http.cursor", "cursor",
          "is of another list or of other filters. Take it from `next` of the page before, and "
          "keep the address and the filters.",
          "value");
    page.after = rest.substr(page.list.size());
  }
  return page;
}

std::string make_cursor(const Page& page, std::string_view after) {
  return to_base64url(std::string(kCursorMark) + page.list + std::string(after));
}

Json list_body(const Page& page, Json::Array items, const std::optional<std::string>& next_after) {
  return Json::object(
      {{"items", std::move(items)}, {"next", next_after ? Json(make_cursor(page, *next_after)) : Json()}});
}

}  // namespace sluice::fcgi
