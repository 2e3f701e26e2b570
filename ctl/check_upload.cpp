// SPDX-License-Identifier: MIT
// Does what stands between clients and Sluice spoil uploads? Asked as a tus client would find out: by cutting
// a PATCH in the middle, through the address that clients use, and looking at the offset.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "core/base/error.hpp"
#include "core/base/uid.hpp"
#include "ctl/commands.hpp"
#include "ctl/http_client.hpp"

namespace sluice::ctl {
namespace {

constexpr int kSpoilt = 1;
constexpr int kUnreachable = 2;
// Above 16 MiB Sluice takes a body as it comes; of a shorter one nothing counts before its end.
constexpr std::uint64_t kBody = 24ULL << 20;
constexpr std::uint64_t kSent = 1ULL << 20;
constexpr std::chrono::milliseconds kPause{250};
constexpr const char* kVersion = "Tus-Resumable: 1.0.0";
constexpr const char* kType = "Content-Type: application/offset+octet-stream";

class Check {
 public:
  explicit Check(const UploadCheck& wanted)
      : client_(wanted.insecure, std::chrono::seconds(wanted.patience_s)),
        origin_(wanted.origin),
        patience_(wanted.patience_s) {
    base_ = resolve(wanted.url, "");
    while (base_.ends_with('/')) base_.pop_back();
    if (!base_.ends_with("/upload")) base_ += "/upload";
  }

  int run() {
    fmt::print("Checking {}\n", base_);
    if (!speaks_tus()) return kUnreachable;
    if (!create()) return kSpoilt;
    errors();
    continues();
    overrides();
    cut();
    cors();
    removes();
    fmt::print("{}", spoilt_ ? "Something on the way spoils uploads: see the lines with FAIL.\n"
                             : "Uploads resume through this address.\n");
    return spoilt_ ? kSpoilt : 0;
  }

 private:
  HttpAnswer send(const std::string& method, const std::string& url, std::vector<std::string> headers,
                  std::string body = {}, bool expect_continue = false) {
    return client_.send({method, url, std::move(headers), std::move(body), expect_continue, nullptr});
  }
  void say(bool good, const std::string& what, const std::string& otherwise) {
    spoilt_ |= !good;
    fmt::print("{}  {}\n", good ? "ok  " : "FAIL", good ? what : otherwise);
    std::fflush(stdout);
  }
  static std::string told(const HttpAnswer& answer) {
    return answer.status != 0 ? std::to_string(answer.status) : "no answer (" + answer.error + ")";
  }

  bool speaks_tus() {
    const HttpAnswer answer = send("OPTIONS", base_, {});
    const bool good =
        answer.status / 100 == 2 && answer.header("tus-version").find("1.0.0") != std::string::npos;
    say(good, "a tus 1.0.0 server answers", "no tus server answers: " + told(answer));
    return good;
  }

  bool create() {
    const HttpAnswer answer = send("POST", base_,
                                   {kVersion, fmt::format("Upload-Length: {}", kBody + 100),
                                    "Upload-Metadata: filename Y2hlY2stdXBsb2Fk"});
    const std::string location = answer.header("location");
    if (answer.status != 201 || location.empty()) {
      say(false, "", "an upload cannot be created: " + told(answer));
      return false;
    }
    upload_ = resolve(base_, location);
    const bool here = authority_of(upload_) == authority_of(base_);
    say(here, "Location leads back to this address",
        "Location leads elsewhere (" + location + "): the proxy must not rewrite it");
    if (!here) upload_ = base_ + upload_.substr(upload_.rfind('/'));
    return true;
  }

  // Errors that a proxy replaces by pages of its own lose what clients go by.
  void errors() {
    const HttpAnswer unknown = send("HEAD", base_ + "/" + Uid::random().text(), {kVersion});
    say(unknown.status == 404 && unknown.header("tus-resumable") == "1.0.0", "a 404 keeps Tus-Resumable",
        "a 404 arrives as " + told(unknown) +
            " without Tus-Resumable: the proxy must pass errors on as they are");
    const HttpAnswer wrong = send("PATCH", upload_, {kVersion, kType, "Upload-Offset: 7"}, "x");
    say(wrong.status == 409 && wrong.header("tus-resumable") == "1.0.0" &&
            wrong.header("content-type") == "application/problem+json",
        "a 409 keeps Tus-Resumable and its body",
        "a 409 arrives as " + told(wrong) + ": the proxy must pass errors on as they are");
  }

  void continues() {
    const HttpAnswer answer = send("PATCH", upload_, {kVersion, kType, "Upload-Offset: 0"}, "hello", true);
    say(answer.status == 204 && answer.continued, "Expect: 100-continue is answered before the body",
        answer.status == 204 ? "100 Continue never came: clients that ask for it wait for nothing"
                             : "a small PATCH arrives as " + told(answer));
  }

  // Some proxies let no PATCH and no DELETE pass; tus has a way round.
  void overrides() {
    const HttpAnswer answer =
        send("POST", upload_,
             {kVersion, kType, fmt::format("Upload-Offset: {}", offset()), "X-HTTP-Method-Override: PATCH"},
             "world");
    say(answer.status == 204, "X-HTTP-Method-Override passes",
        "X-HTTP-Method-Override does not pass: " + told(answer));
  }

  void cut() {
    const std::uint64_t begun_at = offset();
    std::uint64_t meanwhile = begun_at;
    const auto until = std::chrono::steady_clock::now() + patience_;
    const HttpRequest::Cut cut{kBody, kSent, [&] {
                                 meanwhile = offset();
                                 return meanwhile > begun_at || std::chrono::steady_clock::now() > until;
                               }};
    const HttpAnswer answer = client_.send(
        {"PATCH", upload_, {kVersion, kType, fmt::format("Upload-Offset: {}", begun_at)}, {}, false, &cut});
    if (answer.status == 413) {
      say(false, "",
          fmt::format("a body of {} MiB is refused (413): raise the proxy's limit on bodies for /upload",
                      kBody >> 20));
      return;
    }
    const std::uint64_t after = wait_for_more(begun_at);
    say(meanwhile > begun_at,
        fmt::format("the proxy streams: {} bytes had arrived while the body ran", meanwhile - begun_at),
        "the proxy BUFFERS: nothing arrives while a body runs (turn its request buffering off for /upload)");
    say(after > begun_at, fmt::format("after a cut {} of {} bytes are kept", after - begun_at, kSent),
        fmt::format("after a cut 0 of {} bytes are kept: every interruption begins the body anew", kSent));
  }

  std::uint64_t offset() {
    const HttpAnswer answer = send("HEAD", upload_, {kVersion});
    return answer.status == 200 ? std::strtoull(answer.header("upload-offset").c_str(), nullptr, 10) : 0;
  }

  std::uint64_t wait_for_more(std::uint64_t than) {
    const auto until = std::chrono::steady_clock::now() + patience_;
    for (;;) {
      const std::uint64_t now = offset();
      if (now > than || std::chrono::steady_clock::now() > until) return now;
      std::this_thread::sleep_for(kPause);
    }
  }

  void cors() {
    if (origin_.empty()) {
      fmt::print("      CORS was not looked at: name the origin of a page with --origin\n");
      return;
    }
    const std::string origin = "Origin: " + origin_;
    const HttpAnswer asked = send("OPTIONS", upload_, {origin, "Access-Control-Request-Method: PATCH"});
    const HttpAnswer head = send("HEAD", upload_, {origin, kVersion});
    const std::string methods = asked.header("access-control-allow-methods");
    const std::string seen = head.header("access-control-expose-headers");
    say(asked.header("access-control-allow-origin") == origin_ &&
            methods.find("PATCH") != std::string::npos &&
            head.header("access-control-allow-origin") == origin_ &&
            seen.find("Upload-Offset") != std::string::npos && seen.find("Location") != std::string::npos,
        "pages of " + origin_ + " may upload",
        "pages of " + origin_ +
            " may not upload: SLUICE_CORS_ORIGINS must name it, and the proxy keep the headers "
            "Access-Control-…");
  }

  void removes() {
    const HttpAnswer answer = send("DELETE", upload_, {kVersion});
    say(answer.status == 204, "DELETE passes; the upload of this check is gone",
        "DELETE arrives as " + told(answer));
  }

  HttpClient client_;
  std::string base_, upload_, origin_;
  std::chrono::seconds patience_;
  bool spoilt_ = false;
};

}  // namespace

int check_upload(const UploadCheck& wanted) {
  return Check(wanted).run();
}

}  // namespace sluice::ctl
