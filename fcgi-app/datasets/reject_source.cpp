// SPDX-License-Identifier: MIT
#include "fcgi-app/datasets/reject_source.hpp"

#include "core/base/error.hpp"
#include "fcgi-app/datasets/handlers.hpp"
#include "fcgi-app/tus/lookup.hpp"

namespace sluice::fcgi {

RejectSource rejects_of_dataset(db::Connection& connection, const Actor& actor, const Uid& uid) {
  db::Dataset dataset = require_dataset(connection, actor, uid);
  auto imports = db::published_imports(connection, dataset.id);
  return {std::move(dataset.name), std::move(dataset.columns), dataset.has_header, std::move(imports)};
}

RejectSource rejects_of_upload(db::Connection& connection, const Actor& actor, const Uid& uid) {
  const db::Upload upload = tus::find_living(connection, actor, uid);
  for (db::Import& import : db::imports_of_upload(connection, actor, upload.id)) {
    if (!import.dialect || !import.columns) continue;
    RejectSource source{upload.filename.value_or("upload"),
                        db::dataset_columns_from(*import.columns),
                        import.has_header.value_or(false),
                        {}};
    source.imports.push_back(std::move(import));
    return source;
  }
  throw Error(Kind::not_found, "import.not_found", uid.text(),
              "Nothing is known of this file's records yet. Wait until its import has looked at it.");
}

}  // namespace sluice::fcgi
