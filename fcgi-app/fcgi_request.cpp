// SPDX-License-Identifier: MIT
#include "fcgi-app/fcgi_request.hpp"

#include <fcgio.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <ostream>

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "fcgi-app/integers.hpp"

namespace sluice::fcgi {
namespace {

constexpr timeval kIdleAfter{1, 0};

Method parse_method(std::string_view name) {
  for (const Method method :
       {Method::get, Method::head, Method::post, Method::patch, Method::del, Method::put, Method::options})
    if (name_of(method) == name) return method;
  return Method::other;
}

/// HTTP_UPLOAD_OFFSET -> upload-offset
std::string header_name(std::string_view parameter) {
  std::string name(parameter);
  for (char& c : name) {
    if (c == '_')
      c = '-';
    else if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

/// <incoming>/<digits and slashes>: the shape of the names that nginx makes.
bool is_body_file(std::string_view path, const std::string& incoming_dir) {
  if (!path.starts_with(incoming_dir + "/")) return false;
  path.remove_prefix(incoming_dir.size() + 1);
  return !path.empty() && path.find_first_not_of("0123456789/") == std::string_view::npos;
}

}  // namespace

void init_library() {
  if (FCGX_Init() != 0) throw Error(Kind::internal, "fcgi.init", "FCGX_Init failed");
}

FcgiRequest::FcgiRequest(int listen_fd) {
  if (FCGX_InitRequest(&request_, listen_fd, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
    throw Error(Kind::internal, "fcgi.init", "FCGX_InitRequest failed");
}

FcgiRequest::~FcgiRequest() {
  FCGX_Free(&request_, 1);
}

int FcgiRequest::accept() {
  const int problem = FCGX_Accept_r(&request_);
  return problem < 0 ? -problem : problem;
}

FcgiExchange::FcgiExchange(FcgiRequest& request, const std::atomic<bool>& stopping)
    : raw_(request.raw()), stopping_(stopping) {}

FcgiExchange::~FcgiExchange() {
  FCGX_Finish_r(&raw_);
}

Request FcgiExchange::parse(const std::string& incoming_dir) {
  Request request;
  request.body = this;
  const auto once = [](std::string& place, std::string_view value, std::string_view name) {
    if (!place.empty())
      throw Error(Kind::invalid, "http.duplicate_header", std::string(name) + " came twice");
    place = value;
  };
  std::string method, uri, length, waiting_length, document, content_type;
  int types_sent = 0;
  // FCGX_GetParam gives the first of two parameters of one name: a header sent twice would go unnoticed.
  for (char** at = raw_.envp; *at != nullptr; ++at) {
    const std::string_view entry(*at);
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = entry.substr(0, equals);
    const std::string_view value = entry.substr(equals + 1);
    if (name.starts_with("HTTP_")) {
      // These two come again as CONTENT_TYPE and CONTENT_LENGTH, but once, also when they were sent twice.
      if (name == "HTTP_CONTENT_TYPE" && ++types_sent == 2)
        request.headers.emplace_back("content-type", value);
      if (name == "HTTP_CONTENT_TYPE" || name == "HTTP_CONTENT_LENGTH") continue;
      if (!value.empty()) request.headers.emplace_back(header_name(name.substr(5)), value);
    } else if (name == "REQUEST_METHOD") {
      once(method, value, name);
    } else if (name == "REQUEST_URI") {
      once(uri, value, name);
    } else if (name == "DOCUMENT_URI") {
      once(document, value, name);
    } else if (name == "CONTENT_LENGTH") {
      once(length, value, "Content-Length");
    } else if (name == "UPLOAD_CONTENT_LENGTH") {
      once(waiting_length, value, "Content-Length");
    } else if (name == "CONTENT_TYPE") {
      once(content_type, value, "Content-Type");
    } else if (name == "REQUEST_BODY_FILE") {
      once(request.body_file, value, name);
    } else if (name == "REQUEST_ID") {
      once(request.request_id, value, name);
    }
  }
  if (!content_type.empty()) request.headers.emplace_back("content-type", content_type);
  const auto question = uri.find('?');
  request.path = uri.substr(0, question);
  if (question != std::string::npos) request.query = uri.substr(question + 1);
  request.method = parse_method(method);
  request.is_pre_check = document == "/_pre";
  const std::string& stated = request.is_pre_check ? waiting_length : length;
  if (!stated.empty()) {
    request.content_length = parse_integer(stated);
    if (!request.content_length)
      throw Error(Kind::invalid, "http.content_length", "Content-Length: " + stated);
  }
  if (!request.body_file.empty() && !is_body_file(request.body_file, incoming_dir))
    throw Error(Kind::internal, "http.body_file",
                "a body file outside of the incoming folder: " + request.body_file);
  expected_ = request.content_length;
  return request;
}

std::size_t FcgiExchange::read(char* buffer, std::size_t capacity, End& end) {
  FCGX_Stream* in = raw_.in;
  if (capacity == 0) {
    end = End::more;
    return 0;
  }
  if (!timeout_set_) {
    ::setsockopt(raw_.ipcFd, SOL_SOCKET, SO_RCVTIMEO, &kIdleAfter, sizeof kIdleAfter);
    timeout_set_ = true;
  }
  const int first = FCGX_GetChar(in);
  if (first == EOF) {
    const int problem = FCGX_GetError(in);
    if (problem == EAGAIN || problem == EWOULDBLOCK || problem == EINTR) {
      // A pause, not an end. The library closed its stream; opened again it goes on byte for byte. Without
      // the last assignment it would read behind its buffer.
      FCGX_ClearError(in);
      in->isClosed = 0;
      in->stop = in->rdNext;
      end = stopping_.load(std::memory_order_relaxed) ? End::stopping : End::idle;
      return 0;
    }
    const bool whole = problem == 0 && (!expected_ || received_ == *expected_);
    end = whole ? End::complete : End::cut;
    return 0;
  }
  buffer[0] = static_cast<char>(first);
  // What the library holds already: FCGX_GetStr would wait for all it was asked for.
  const auto held = std::min(static_cast<std::size_t>(in->stop - in->rdNext), capacity - 1);
  std::memcpy(buffer + 1, in->rdNext, held);
  in->rdNext += held;
  received_ += held + 1;
  end = End::more;
  return held + 1;
}

void FcgiExchange::answer(const Response& response, bool head_only) {
  std::string head = "Status: " + std::to_string(response.status) + " ";
  head.append(reason_of(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    // A value that could end the line never leaves: better no header than two.
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      log_error("a header value holds a line end", {{"header", name}});
      continue;
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless && !head_only && !response.stream)
    head.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  head.append("\r\n");
  fcgi_streambuf buffer(raw_.out);
  std::ostream out(&buffer);
  out.write(head.data(), static_cast<std::streamsize>(head.size()));
  if (!bodiless && !head_only && response.stream)
    stream_body(response, out);
  else if (!bodiless && !head_only)
    out.write(response.body.data(), static_cast<std::streamsize>(response.body.size()));
  // Not flushed here: the end of the request goes out with it, in one write that wakes nginx once.
}

void FcgiExchange::stream_body(const Response& response, std::ostream& out) {
  try {
    response.stream([&out](std::string_view bytes) {
      out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      if (!out) throw Error(Kind::unavailable, "http.client_gone", "the client has gone");
    });
  } catch (const std::exception& error) {
    log_warning("a body was cut short", {{"detail", error.what()}});
    ::shutdown(raw_.ipcFd, SHUT_RDWR);  // an end of request would pass for the body's end
  }
}

}  // namespace sluice::fcgi
