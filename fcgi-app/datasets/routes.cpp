// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"
#include "fcgi-app/datasets/handlers.hpp"

namespace sluice::fcgi {

std::span<const Route> dataset_routes() {
  static constexpr Route kRoutes[] = {
      {Method::get, "/datasets", Policy::owner, list_datasets, "limit cursor"},
      {Method::get, "/datasets/{uid}", Policy::owner, show_dataset},
      {Method::get, "/datasets/{uid}/rows", Policy::owner, list_rows,
       "limit cursor column equals least greatest null"},
      {Method::get, "/datasets/{uid}/columns/{n}/top", Policy::owner, top_values, "limit"},
      {Method::get, "/datasets/{uid}/rejects", Policy::owner, list_rejects, "limit cursor"},
      {Method::get, "/datasets/{uid}/rejects.csv", Policy::owner, rejects_csv},
      {Method::del, "/datasets/{uid}", Policy::owner, delete_dataset},
      {Method::del, "/datasets/{uid}/imports/{uid}", Policy::owner, delete_import},
  };
  return kRoutes;
}

}  // namespace sluice::fcgi
