// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/headers.hpp"

#include <ctime>

#include "core/base/error.hpp"
#include "fcgi-app/integers.hpp"
#include "fcgi-app/tus/options.hpp"

namespace sluice::fcgi::tus {
namespace {

constexpr std::size_t kMostParts = 1000;
constexpr std::string_view kPatchType = "application/offset+octet-stream";

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
  const auto offset = text ? parse_integer(*text) : std::nullopt;
  if (!offset) throw Error(Kind::invalid, "tus.offset", "Upload-Offset: " + text.value_or("none"));
  return *offset;
}

std::optional<std::uint64_t> upload_length(const Request& request) {
  const auto text = request.header("Upload-Length");
  if (!text) return std::nullopt;
  const auto length = parse_integer(*text);
  if (!length) throw Error(Kind::invalid, "tus.length", "Upload-Length: " + *text);
  return length;
}

bool defers_length(const Request& request) {
  const auto text = request.header("Upload-Defer-Length");
  if (!text) return false;
  if (*text != "1") throw Error(Kind::invalid, "tus.length", "Upload-Defer-Length: " + *text);
  if (request.header("Upload-Length"))
    throw Error(Kind::invalid, "tus.length", "both a length and a deferred one");
  return true;
}

ConcatHeader upload_concat(const Request& request) {
  const auto text = request.header("Upload-Concat");
  if (!text) return {};
  if (*text == "partial") return {ConcatHeader::What::partial, {}};
  constexpr std::string_view kFinal = "final;";
  if (!text->starts_with(kFinal)) throw Error(Kind::invalid, "tus.concat", "Upload-Concat: " + *text);
  ConcatHeader header{ConcatHeader::What::final, {}};
  std::string_view rest = *text;
  rest.remove_prefix(kFinal.size());
  while (!rest.empty()) {
    const auto end = rest.find(' ');
    const std::string_view address = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (address.empty()) continue;
    const auto uid = uid_of(address);
    if (!uid || header.parts.size() == kMostParts)
      throw Error(Kind::invalid, "tus.concat", "Upload-Concat: " + *text);
    header.parts.push_back(*uid);
  }
  if (header.parts.empty()) throw Error(Kind::invalid, "tus.concat", "a final upload without parts");
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
