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
/// upload.options, upload.max_size, upload.too_many_open, upload.quota, upload.no_space,
/// upload.no_such_dataset, and those of append.
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

/// The row that it asks for; a final upload's length comes from its parts.
db::NewUpload row_of(const Creation& creation, const Config& config);

/// What the database and the disk say of it: too many open uploads, no such dataset to append to, no quota,
/// no space. Exact under db::lock_space().
void require_admissible(db::Connection& connection, const Actor& actor, const Creation& creation,
                        const Config& config);

}  // namespace sluice::fcgi::tus
