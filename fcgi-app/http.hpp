// SPDX-License-Identifier: MIT
// HTTP as the handlers see it (RFC 9110): a request already parsed, a response still to be written.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json.hpp"
#include "core/base/uid.hpp"

namespace sluice::fcgi {

enum class Method { get, head, post, patch, del, put, options, other };
std::string_view name_of(Method method);
bool is_safe(Method method);             ///< it only reads (RFC 9110, 9.2.1)
std::string_view reason_of(int status);  ///< "Not Found"; the class's name for one that is not known

/// Where a request's body comes from.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  enum class End { more, complete, cut, idle, stopping };
  /// Up to `capacity` bytes into `buffer`; returns how many. `end` says why none came: complete, cut (the
  /// client went), idle (nothing came for about a second; call again), or stopping (the process is to end:
  /// keep what arrived).
  virtual std::size_t read(char* buffer, std::size_t capacity, End& end) = 0;
};

/// An Idempotency-Key and what it was sent with.
struct IdempotencyKey {
  std::string key;
  std::string request_sha256;  ///< 32 raw bytes over method, path and body
  bool kept = false;           ///< the answer lies in the table already
};

class Request {
 public:
  Method method = Method::other;
  std::string path;        ///< as the client sent it, without the query; matched exactly, never decoded
  std::string query;       ///< raw
  std::string request_id;  ///< nginx' $request_id
  std::optional<std::uint64_t> content_length;  ///< nothing: no body or an unknown length
  std::string body_file;       ///< set by nginx in the buffered lane: the whole body lies in this file
  BodyReader* body = nullptr;  ///< stdin; empty when body_file is set
  bool is_pre_check = false;   ///< nginx asks (auth_request) whether the body may come; it is not here yet

  /// The header's only value (name in any case). Error invalid `http.duplicate_header` when it came twice.
  std::optional<std::string> header(std::string_view name) const;
  /// A query parameter, percent-decoded. Error invalid `http.query` when doubled or badly coded.
  std::optional<std::string> query_parameter(std::string_view name) const;
  /// `{uid}` of the route, in order. Error not_found when the path does not hold a uid there.
  const Uid& uid(std::size_t index = 0) const { return uids.at(index); }
  /// The whole small body (<= 64 kB), from stdin or the body file; read once, then kept. Errors: too_large
  /// `http.too_large`, invalid `http.body_cut`.
  const std::string& small_body() const;

  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, with hyphens
  std::vector<Uid> uids;                                     ///< filled by the routes table
  /// What Idempotency-Key needs (idempotency.hpp); nothing when the request has no key.
  std::optional<IdempotencyKey> idempotency;

 private:
  mutable std::optional<std::string> small_body_;
};

/// Takes the next bytes of a body.
using BodySink = std::function<void(std::string_view bytes)>;

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// For a body that is too long for memory: called once, after the headers, instead of `body`. What it
  /// throws cuts the connection, so that no client takes half a body for the whole; whatever can be refused
  /// must be refused before.
  std::function<void(const BodySink& write)> stream;

  Response() = default;
  explicit Response(int s) : status(s) {}
  bool has_header(std::string_view name) const;  ///< in any case
  Response& header(std::string_view name, std::string_view value) & {
    headers.emplace_back(std::string(name), std::string(value));
    return *this;
  }
  Response&& header(std::string_view name, std::string_view value) && {
    headers.emplace_back(std::string(name), std::string(value));
    return std::move(*this);
  }
};

/// application/json, `Cache-Control: no-store`.
Response json_response(int status, const Json& body);
/// For things that are polled: a strong ETag over the body, `private, no-cache`; 304 when If-None-Match names
/// it.
Response json_with_etag(const Request& request, const Json& body, std::optional<int> retry_after_s = {});
/// 202 with Location and the body.
Response accepted(std::string_view location, const Json& body);
/// A file below DATA_DIR sent by nginx itself (X-Accel-Redirect to /_files/<relative>): attachment, nosniff,
/// Range. `shown_name` is cleaned and put into filename and filename* (RFC 6266).
Response file_response(std::string_view relative_path, std::string_view shown_name,
                       std::string_view media_type, std::optional<std::string> sha256_raw = {});

/// The value of Content-Disposition for a download (RFC 6266): an attachment, the name cleaned.
std::string content_disposition(std::string_view shown_name);

/// `?limit&cursor` of a list: limit 1..1000 (default 100), an opaque cursor made by `make_cursor`.
struct Page {
  std::uint32_t limit = 100;
  std::optional<std::string> after;  ///< what was given to make_cursor
  std::string list;                  ///< the list with its filters: path and other parameters, hashed
};
/// Errors: invalid `http.limit`, and `http.cursor` when it is forged or another list's.
Page page_of(const Request& request);
/// For the page after this one.
std::string make_cursor(const Page& page, std::string_view after);
Json list_body(const Page& page, Json::Array items, const std::optional<std::string>& next_after);

}  // namespace sluice::fcgi
