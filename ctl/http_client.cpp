// SPDX-License-Identifier: MIT
#include "ctl/http_client.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#include "core/base/error.hpp"

namespace sluice::ctl {
namespace {

constexpr long kConnectSeconds = 10;
constexpr std::chrono::seconds kLongest{60};
constexpr long kContinueWithinMs = 5000;

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Lines = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::size_t on_header(char* line, std::size_t, std::size_t size, void* to) {
  HttpAnswer& answer = *static_cast<HttpAnswer*>(to);
  std::string_view text(line, size);
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  if (text.starts_with("HTTP/")) {
    const auto blank = text.find(' ');
    if (blank != std::string_view::npos && text.substr(blank + 1, 3) == "100") answer.continued = true;
    answer.headers.clear();
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    std::string name(text.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    std::string_view value = text.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    std::string& held = answer.headers[name];
    held += (held.empty() ? "" : ", ") + std::string(value);
  }
  return size;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* to) {
  static_cast<HttpAnswer*>(to)->body.append(bytes, size);
  return size;
}

/// What is left of a body to be sent.
struct Source {
  std::string_view body;
  const HttpRequest::Cut* cut = nullptr;
  std::uint64_t done = 0;
  bool waits = false;  ///< all that is to be sent of a cut body is out
};

std::size_t on_send(char* into, std::size_t, std::size_t capacity, void* from) {
  Source& source = *static_cast<Source*>(from);
  const std::uint64_t all = source.cut != nullptr ? source.cut->sent : source.body.size();
  const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(capacity, all - source.done));
  // libcurl asks again only when it has sent what it got before.
  if (n == 0 && source.cut != nullptr) {
    source.waits = true;
    return CURL_READFUNC_PAUSE;
  }
  if (source.cut != nullptr)
    std::memset(into, 'x', n);
  else
    std::memcpy(into, source.body.data() + source.done, n);
  source.done += n;
  return n;
}

/// Called about once a second.
int on_progress(void* from, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const Source& source = *static_cast<const Source*>(from);
  return source.waits && source.cut->enough() ? 1 : 0;
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  std::string out(text);
  curl_free(text);
  return out;
}

}  // namespace

std::string HttpAnswer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

HttpClient::HttpClient(bool insecure, std::chrono::seconds patience)
    : insecure_(insecure), longest_(kLongest + patience) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    throw Error(Kind::internal, "http_client.init", "libcurl cannot start");
}

HttpClient::~HttpClient() {
  curl_global_cleanup();
}

HttpAnswer HttpClient::send(const HttpRequest& request) {
  HttpAnswer answer;
  const Easy handle(curl_easy_init(), curl_easy_cleanup);
  CURL* curl = handle.get();
  Lines lines(nullptr, curl_slist_free_all);
  const auto add = [&](const std::string& line) {
    lines.reset(curl_slist_append(lines.release(), line.c_str()));
  };
  for (const std::string& line : request.headers) add(line);
  add(request.expect_continue ? "Expect: 100-continue" : "Expect:");
  Source source{request.body, request.cut};
  const std::uint64_t length = request.cut != nullptr ? request.cut->length : request.body.size();
  char reason[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(longest_.count()));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_EXPECT_100_TIMEOUT_MS, kContinueWithinMs);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  if (insecure_) {
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (request.method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (length > 0) {
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(length));
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_send);
    curl_easy_setopt(curl, CURLOPT_READDATA, &source);
    if (request.cut != nullptr) {
      curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
      curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
      curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &source);
    }
  } else if (request.method == "POST" || request.method == "PATCH") {
    add("Content-Length: 0");
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  if (answer.status < 200) answer.status = 0;
  if (code != CURLE_OK) answer.error = reason[0] != '\0' ? reason : curl_easy_strerror(code);
  return answer;
}

std::string resolve(const std::string& base, const std::string& location) {
  const Url url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, base.c_str(), CURLU_GUESS_SCHEME) != CURLUE_OK) return "";
  if (curl_url_set(url.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK) return "";
  return part_of(url.get(), CURLUPART_URL);
}

std::string authority_of(const std::string& address) {
  const Url url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, address.c_str(), CURLU_GUESS_SCHEME) != CURLUE_OK) return "";
  return part_of(url.get(), CURLUPART_SCHEME) + "://" + part_of(url.get(), CURLUPART_HOST) + ":" +
         part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

}  // namespace sluice::ctl
