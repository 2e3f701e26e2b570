// SPDX-License-Identifier: MIT
// FastCGI, and the one include of its library. FcgiRequest: one per thread, used again and again, never moved
// (the library's streams point back at it). FcgiExchange: one request and its answer.
#pragma once
#include <fcgiapp.h>

#include <atomic>
#include <iosfwd>
#include <optional>
#include <string>

#include "fcgi-app/http.hpp"

namespace sluice::fcgi {

/// FCGX_Init; once, after the signals are blocked (it installs handlers that must never run).
void init_library();

class FcgiRequest {
 public:
  explicit FcgiRequest(int listen_fd);
  ~FcgiRequest();
  FcgiRequest(const FcgiRequest&) = delete;
  FcgiRequest& operator=(const FcgiRequest&) = delete;

  /// Takes one connection of the (non-blocking) listen socket and reads its parameters. 0, or an errno:
  /// EAGAIN when a sibling was quicker.
  int accept();
  FCGX_Request& raw() { return request_; }

 private:
  FCGX_Request request_;
};

class FcgiExchange : public BodyReader {
 public:
  /// `stopping`: set when the process is to end; a body that idles is given up then.
  FcgiExchange(FcgiRequest& request, const std::atomic<bool>& stopping);
  ~FcgiExchange() override;  ///< FCGX_Finish_r: closes the connection

  /// The parameters as a Request whose body is this exchange. Throws Error invalid `http.duplicate_header`,
  /// `http.content_length`. `incoming_dir`: where nginx's body files must lie; anything else is refused
  /// (internal).
  Request parse(const std::string& incoming_dir);

  /// Keeps what arrived when the client idles (about a second) or the process is to end.
  std::size_t read(char* buffer, std::size_t capacity, End& end) override;

  /// Writes status, headers and, unless `head_only`, the body. A client that has gone is no error.
  void answer(const Response& response, bool head_only);

 private:
  void stream_body(const Response& response, std::ostream& out);

  FCGX_Request& raw_;
  const std::atomic<bool>& stopping_;
  std::optional<std::uint64_t> expected_;
  std::uint64_t received_ = 0;
  bool timeout_set_ = false;
};

}  // namespace sluice::fcgi
