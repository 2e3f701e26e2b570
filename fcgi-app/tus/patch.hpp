// SPDX-License-Identifier: MIT
// PATCH /upload/{uid} (tus 1.0.0, "PATCH").
#pragma once
#include "core/base/actor.hpp"
#include "core/db/upload_table.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"
#include "fcgi-app/tus/append.hpp"

namespace sluice::fcgi::tus {

/// 204 with the new Upload-Offset. Errors: tus.version, tus.content_type, tus.offset, tus.checksum_header,
/// upload.not_found, upload.gone, upload.expired, upload.final, upload.length_known, and those of
/// append_body.
Response patch_upload(Request& request, const Actor& actor, Services& services);

/// What a PATCH at this upload must fulfil before its body is read; returns the length when this PATCH fixes
/// it.
std::optional<std::uint64_t> require_patchable(const Request& request, const db::Upload& upload,
                                               const Config& config);

/// `response` with Upload-Offset and Upload-Expires; in place of it an error, also with the offset, when the
/// body was cut or the process is to end.
Response appended_response(const Request& request, const Appended& appended, Response response);

}  // namespace sluice::fcgi::tus
