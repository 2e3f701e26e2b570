// SPDX-License-Identifier: MIT
#include "fcgi-app/http.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/base/error.hpp"
#include "core/base/unique_fd.hpp"
#include "fcgi-app/query.hpp"
#include "fcgi-app/request_error.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::size_t kSmallBody = 64 * 1024;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

[[noreturn]] void refuse_long_body() {
  throw Error(Kind::too_large, "http.too_large", "a small body of more than 64 kB");
}

std::string read_small_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    throw Error(Kind::internal, "http.body_file", "cannot open the body file " + path);
  if (status.st_size > static_cast<off_t>(kSmallBody)) refuse_long_body();
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t have = 0;
  while (have < text.size()) {
    const ssize_t n = ::read(file.get(), text.data() + have, text.size() - have);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw Error(Kind::internal, "http.body_file", "cannot read the body file " + path);
    have += static_cast<std::size_t>(n);
  }
  return text;
}

std::string read_small_stream(BodyReader& body) {
  std::string text;
  std::array<char, 8192> block;
  for (;;) {
    BodyReader::End end = BodyReader::End::more;
    const std::size_t n = body.read(block.data(), block.size(), end);
    text.append(block.data(), n);
    if (text.size() > kSmallBody) refuse_long_body();
    if (end == BodyReader::End::complete) return text;
    if (end == BodyReader::End::cut)
      throw Error(Kind::invalid, "http.body_cut", "the body ended before its length");
    if (end == BodyReader::End::stopping)
      throw Error(Kind::unavailable, "http.stopping", "the process is to end");
  }
}

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::put:
      return "PUT";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      return "OTHER";
  }
  return "OTHER";
}

bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 460:
      return "Checksum Mismatch";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 507:
      return "Insufficient Storage";
    default:
      return status < 400 ? "OK" : status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

std::optional<std::string> Request::header(std::string_view name) const {
  const auto same = [&](const auto& entry) { return same_name(entry.first, name); };
  const auto found = std::find_if(headers.begin(), headers.end(), same);
  if (found == headers.end()) return std::nullopt;
  if (std::find_if(found + 1, headers.end(), same) != headers.end())
    throw Error(Kind::invalid, "http.duplicate_header", "header " + std::string(name) + " came twice",
                "The header " + std::string(name) + " was sent twice. Send it once.");
  return found->second;
}

std::optional<std::string> Request::query_parameter(std::string_view name) const {
  std::optional<std::string> found;
  for (auto& [key, value] : parse_query(query)) {
    if (key != name) continue;
    if (found) throw parameter_error("http.query", name, "came twice. Send it once.", "duplicate");
    found = std::move(value);
  }
  return found;
}

const std::string& Request::small_body() const {
  if (!small_body_) {
    if (content_length && *content_length > kSmallBody) refuse_long_body();
    small_body_ = !body_file.empty() ? read_small_file(body_file)
                  : body != nullptr  ? read_small_stream(*body)
                                     : std::string{};
  }
  return *small_body_;
}

bool Response::has_header(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& entry) { return same_name(entry.first, name); });
}

}  // namespace sluice::fcgi
