// SPDX-License-Identifier: MIT
// GET /upload and GET /upload/{uid}.
#pragma once
#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::uploads {

/// The actor's uploads, unfinished ones first: what lets another browser go on. Filters: state=open,complete
/// and fingerprint. Error invalid `upload.filter`.
Response list_uploads(Request& request, const Actor& actor, Services& services);
/// One, with its import, job, dataset and links. Errors: upload.not_found, upload.gone, upload.expired.
Response get_upload(Request& request, const Actor& actor, Services& services);

}  // namespace sluice::fcgi::uploads
