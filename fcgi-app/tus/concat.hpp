// SPDX-License-Identifier: MIT
// POST /upload with `Upload-Concat: final;…` (tus 1.0.0, "Concatenation"): rows are copied, no bytes.
#pragma once
#include "fcgi-app/tus/create.hpp"

namespace sluice::fcgi::tus {

/// 201; the final upload is complete at once and its import queued. A part may come again and serve several
/// finals. Errors: tus.concat (a part that is none), upload.not_found, upload.gone,
/// upload.partial_unfinished, upload.too_many_pieces, upload.max_size, and those of require_admissible.
Response create_final(Request& request, const Actor& actor, Services& services, const Creation& creation);

}  // namespace sluice::fcgi::tus
