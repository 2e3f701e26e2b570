// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"
#include "fcgi-app/datasets/handlers.hpp"
#include "fcgi-app/tus/create.hpp"
#include "fcgi-app/tus/head.hpp"
#include "fcgi-app/tus/options.hpp"
#include "fcgi-app/tus/patch.hpp"
#include "fcgi-app/tus/terminate.hpp"
#include "fcgi-app/uploads/content.hpp"
#include "fcgi-app/uploads/show.hpp"

namespace sluice::fcgi {

std::span<const Route> upload_routes() {
  static constexpr Route kRoutes[] = {
      {Method::options, "/upload", Policy::owner, tus::options, kAnyParameters},
      {Method::get, "/upload", Policy::owner, uploads::list_uploads, "limit cursor state fingerprint"},
      {Method::post, "/upload", Policy::owner, tus::create_upload, kAnyParameters},
      {Method::options, "/upload/{uid}", Policy::owner, tus::options, kAnyParameters},
      {Method::get, "/upload/{uid}", Policy::owner, uploads::get_upload},
      {Method::head, "/upload/{uid}", Policy::owner, tus::head_upload, kAnyParameters},
      {Method::patch, "/upload/{uid}", Policy::owner, tus::patch_upload, kAnyParameters},
      {Method::del, "/upload/{uid}", Policy::owner, tus::delete_upload, kAnyParameters},
      {Method::get, "/upload/{uid}/preview", Policy::owner, uploads::preview_upload,
       "rows delimiter quote escape encoding types header skip_lines"},
      {Method::get, "/upload/{uid}/rejects", Policy::owner, list_upload_rejects, "limit cursor"},
      {Method::get, "/upload/{uid}/rejects.csv", Policy::owner, upload_rejects_csv},
      {Method::get, "/upload/{uid}/file", Policy::owner, uploads::send_upload_file},
      {Method::post, "/upload/{uid}/load", Policy::owner, uploads::load_upload},
  };
  return kRoutes;
}

}  // namespace sluice::fcgi
