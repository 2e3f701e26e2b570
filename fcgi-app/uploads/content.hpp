// SPDX-License-Identifier: MIT
// What one can ask of an upload's content; the addresses are in routes.cpp. Errors: 404 `upload.not_found`,
// 410 `upload.gone`, `upload.expired`.
#pragma once
#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::uploads {

/// GET /upload/{uid}/preview?rows=50: what detection sees, also of what has arrived so far. 409
/// `upload.nothing_yet`.
Response preview_upload(Request& request, const Actor& actor, Services& services);
/// POST /upload/{uid}/load: load (again) with the given options; sends a job that rests for review on. 202
/// with the job. 409 `upload.not_complete`, `import.under_way`; 422 `import.options`, and with mode append
/// `upload.no_such_dataset`, `import.columns_differ`, `import.not_text`.
Response load_upload(Request& request, const Actor& actor, Services& services);
/// GET /upload/{uid}/file: the original bytes. 409 `upload.not_assembled`.
Response send_upload_file(Request& request, const Actor& actor, Services& services);

}  // namespace sluice::fcgi::uploads
