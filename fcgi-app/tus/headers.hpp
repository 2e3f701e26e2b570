// SPDX-License-Identifier: MIT
// The request headers of tus 1.0.0, each read by one strict function.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/uid.hpp"
#include "core/db/upload_table.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi::tus {

/// "If the version … is not supported by the Server, it MUST respond with the 412 Precondition Failed status
/// and MUST include the Tus-Version header … the Server MUST NOT process the request." Error precondition
/// `tus.version`.
void require_version(const Request& request);

/// application/offset+octet-stream, else Error unsupported `tus.content_type`.
void require_patch_content_type(const Request& request);

/// Error invalid `tus.offset` when it is missing or no plain number.
std::uint64_t upload_offset(const Request& request);

/// Upload-Length; nothing when it is not there. Error invalid `tus.length`.
std::optional<std::uint64_t> upload_length(const Request& request);

/// True with `Upload-Defer-Length: 1`; any other value, or a length besides it, is Error invalid
/// `tus.length`.
bool defers_length(const Request& request);

/// Upload-Concat.
struct ConcatHeader {
  db::Concat what = db::Concat::no;
  std::vector<Uid> parts;  ///< of a final upload, in order; one may come again
};
/// Addresses may be relative or absolute; they must be /upload/{uid}. Error invalid `tus.concat`.
ConcatHeader upload_concat(const Request& request);

/// IMF-fixdate (RFC 9110 section 5.6.7) for Upload-Expires.
std::string http_date(std::uint64_t unix_s);

}  // namespace sluice::fcgi::tus
