// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/headers.hpp"

#include <ctime>

#include "core/base/error.hpp"
#include "fcgi-app/integers.hpp"
#include "fcgi-app/request_error.hpp"
#include "fcgi-app/tus/options.hpp"

namespace sluice::fcgi::tus {
namespace {

constexpr std::size_t kMostParts = 1000;
constexpr std::string_view kPatchType = "application/offset+octet-stream";
constexpr const char* kNoNumber = "must be a number of bytes: digits only, below 2^63.";

/// The uid of "/upload/<uid>" or "https://host/upload/<uid>".
std::optional<Uid> uid_of(std::string_view address) {
  if (const auto scheme = address.find("://"); scheme != std::string_view::npos) {
    const auto path = address.find('/', scheme + 3);
    if (path == std::string_view::npos) return std::nullopt;
    address.remove_prefix(path);
  }
  constexpr std::string_view kPrefix = "/upload/";
  if (!address.starts_with(kPrefix)) return std::nullopt;
  return Uid::parse(address.substr(kPrefix.size()));
}

[[noreturn]] void refuse_concat(std::string what, std::string_view reason) {
  throw header_error("tus.concat", "Upload-Concat", std::move(what), reason);
}

}  // namespace

void require_version(const Request& request) {
  const auto version = request.header("Tus-Resumable");
  if (version != kVersion)
    throw Error(Kind::precondition, "tus.version", "Tus-Resumable: " + version.value_or("none"));
}

void require_patch_content_type(const Request& request) {
  const auto type = request.header("Content-Type");
  if (type != kPatchType)
    throw Error(Kind::unsupported, "tus.content_type", "Content-Type: " + type.value_or("none"));
}

std::uint64_t upload_offset(const Request& request) {
  const auto text = request.header("Upload-Offset");
  if (!text)
    throw header_error("tus.offset", "Upload-Offset", "is missing: send the offset that HEAD tells.",
                       "missing");
  const auto offset = parse_integer(*text);
  if (!offset) throw header_error("tus.offset", "Upload-Offset", kNoNumber, "type");
  return *offset;
}

std::optional<std::uint64_t> upload_length(const Request& request) {
  const auto text = request.header("Upload-Length");
  if (!text) return std::nullopt;
  const auto length = parse_integer(*text);
  if (!length) throw header_error("tus.length", "Upload-Length", kNoNumber, "type");
  return length;
}

bool defers_length(const Request& request) {
  const auto text = request.header("Upload-Defer-Length");
  if (!text) return false;
  if (*text != "1") throw header_error("tus.length", "Upload-Defer-Length", "must be 1.", "value");
  if (request.header("Upload-Length"))
    throw header_error("tus.length", "Upload-Defer-Length",
                       "must not come with Upload-Length: send one of them.", "conflict");
  return true;
}

ConcatHeader upload_concat(const Request& request) {
  const auto text = request.header("Upload-Concat");
  if (!text) return {};
  if (*text == "partial") return {db::Concat::partial, {}};
  constexpr std::string_view kFinal = "final;";
  if (!text->starts_with(kFinal))
    refuse_concat("must be `partial`, or `final;` and the addresses of finished partial uploads.", "value");
  ConcatHeader header{db::Concat::final, {}};
  std::string_view rest = *text;
  rest.remove_prefix(kFinal.size());
  while (!rest.empty()) {
    const auto end = rest.find(' ');
    const std::string_view address = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (address.empty()) continue;
    const auto uid = uid_of(address);
    if (!uid)
      refuse_concat("has something else than the address of an upload as number " +
                        std::to_string(header.parts.size() + 1) + " of its list.",
                    "value");
    if (header.parts.size() == kMostParts)
      refuse_concat("may name " + std::to_string(kMostParts) + " partial uploads.", "range");
    header.parts.push_back(*uid);
  }
  if (header.parts.empty()) refuse_concat("names no partial upload behind `final;`.", "missing");
  return header;
}

std::string http_date(std::uint64_t unix_s) {
  const auto time = static_cast<std::time_t>(unix_s);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday], parts.tm_mday,
                kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

}  // namespace sluice::fcgi::tus
