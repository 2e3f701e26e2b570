// SPDX-License-Identifier: MIT
// Undo: invisible with the commit; the sweep takes the rows away later, when no export reads them any more.
#include "core/base/error.hpp"
#include "core/db/import_table.hpp"
#include "fcgi-app/datasets/handlers.hpp"

namespace sluice::fcgi {
namespace {

Response no_content() {
  return Response(204).header("Cache-Control", "no-store");
}

}  // namespace

Response delete_dataset(Request& request, const Actor& actor, Services& services) {
  services.db([&](db::Connection& connection) {
    db::with_retry([&] {
      db::Transaction transaction(connection);
      const db::Dataset dataset = require_dataset(connection, actor, request.uid());
      db::lock_dataset(transaction, dataset.id);
      db::hide_imports_of_dataset(transaction, dataset.id);
      db::delete_dataset(transaction, dataset.id);
      transaction.commit();
    });
  });
  return no_content();
}

Response delete_import(Request& request, const Actor& actor, Services& services) {
  services.db([&](db::Connection& connection) {
    db::with_retry([&] {
      db::Transaction transaction(connection);
      const db::Dataset dataset = require_dataset(connection, actor, request.uid(0));
      db::lock_dataset(transaction, dataset.id);
      const auto import = db::find_published_import(connection, actor, dataset.id, request.uid(1));
      if (!import)
        throw Error(Kind::not_found, "import.not_found", request.uid(1).text(),
                    "This dataset has no such import. GET the dataset lists them.");
      db::hide_import(transaction, import->id);
      db::refresh_dataset(transaction, dataset.id);
      transaction.commit();
    });
  });
  return no_content();
}

}  // namespace sluice::fcgi
