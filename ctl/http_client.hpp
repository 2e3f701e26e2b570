// SPDX-License-Identifier: MIT
// One HTTP request at a time by libcurl, over http or https, and whatever answers on the way.
#pragma once
#include <curl/curl.h>
#include <chrono>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::ctl {

struct HttpAnswer {
  long status = 0;                             ///< 0: no answer
  std::string error;                           ///< why there is none
  std::map<std::string, std::string> headers;  ///< names in lower case; several of a name joined by ", "
  std::string body;
  bool continued = false;  ///< 100 Continue came first
  /// The header, or "".
  std::string header(const std::string& name) const;
};

struct HttpRequest {
  std::string method;
  std::string url;
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;
  bool expect_continue = false;
  /// A body of `length` bytes, of which only `sent` go out. From then on `enough` is asked about once a
  /// second: true cuts the connection. An answer that comes before is taken.
  struct Cut {
    std::uint64_t length = 0;
    std::uint64_t sent = 0;
    std::function<bool()> enough;
  };
  const Cut* cut = nullptr;
};

class HttpClient {
 public:
  /// `insecure`: certificates are not checked. A request may take a minute, and `patience` more.
  HttpClient(bool insecure, std::chrono::seconds patience);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Never throws for what the network does: that is in the answer.
  HttpAnswer send(const HttpRequest& request);

 private:
  bool insecure_;
  std::chrono::seconds longest_;
};

/// `location` as seen from `base` (RFC 3986 section 5); "" when it is no address.
std::string resolve(const std::string& base, const std::string& location);
/// scheme://host:port of an address, the port always there.
std::string authority_of(const std::string& url);

}  // namespace sluice::ctl
