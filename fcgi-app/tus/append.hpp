// SPDX-License-Identifier: MIT
// A body becomes pieces of an upload, in both lanes. Buffered: the file that nginx hands over is renamed, one
// piece. Streamed: pieces are committed every 8 MiB or second, so a cut keeps what arrived.
#pragma once
#include <cstdint>
#include <optional>

#include "core/base/actor.hpp"
#include "core/db/upload_table.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::tus {

struct Appended {
  std::uint64_t offset = 0;
  bool complete = false;
  std::uint64_t expires_unix = 0;
  enum class End { whole, cut, stopping } end = End::whole;  ///< why a streamed body was not kept as a whole
};

/// Appends the request's body at upload.offset. `new_length`: of an upload whose length was deferred until
/// now. The last byte completes the upload and queues its job in the same transaction; the bell is rung after
/// it. Errors: upload.too_long, upload.too_many_pieces, upload.quota, upload.no_space, upload.max_size,
/// tus.checksum, upload.offset_mismatch, upload.superseded, upload.gone, upload.not_found.
Appended append_body(Request& request, const Actor& actor, Services& services, const db::Upload& upload,
                     std::optional<std::uint64_t> new_length);

}  // namespace sluice::fcgi::tus
