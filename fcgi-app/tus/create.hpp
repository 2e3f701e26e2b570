// SPDX-License-Identifier: MIT
// POST /upload (tus 1.0.0, "Creation", "Creation With Upload", "Creation Defer Length", "Concatenation").
#pragma once
#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"
#include "fcgi-app/tus/headers.hpp"
#include "fcgi-app/tus/metadata.hpp"

namespace sluice::fcgi::tus {

/// 201 + Location; with a body also Upload-Offset. Errors: tus.version, tus.length, tus.metadata, tus.concat,
/// upload.options, upload.max_size, upload.too_many_open, upload.no_space, upload.no_such_dataset, and those
/// of append.
Response create_upload(Request& request, const Actor& actor, Services& services);

/// What the headers of a creation say, checked as far as headers can be.
struct Creation {
  ConcatHeader concat;
  std::optional<std::uint64_t> length;
  Metadata metadata;
  std::string metadata_header;
  bool has_body = false;
};
Creation parse_creation(const Request& request, const Config& config);

/// What the database and the disk say of it: too many open uploads, no such dataset to append to, no space.
void require_admissible(db::Connection& connection, const Actor& actor, const Creation& creation,
                        const Config& config);

/// Bytes to reserve for an upload of this length: its pieces, and the assembled file where that is a second
/// copy.
std::uint64_t bytes_to_reserve(std::uint64_t length);
/// Error no_space `upload.no_space` unless there is room for so many bytes besides what others have reserved.
void require_space(db::Connection& connection, const Config& config, std::uint64_t bytes);

}  // namespace sluice::fcgi::tus
