// SPDX-License-Identifier: MIT
#include "core/db/export_estimate.hpp"

#include "core/db/import_table.hpp"
#include "fcgi-app/exports/find.hpp"
#include "fcgi-app/exports/handlers.hpp"
#include "fcgi-app/exports/read_request.hpp"

namespace sluice::fcgi {
namespace {

Json day_json(const std::optional<std::int64_t>& microseconds) {
  return microseconds ? Json(db::full_date(csv::from_microseconds(*microseconds).date)) : Json();
}

}  // namespace

Response estimate_export(Request& request, const Actor& actor, Services& services) {
  ExportBody body = read_export_body(request);
  return services.db([&](db::Connection& connection) {
    const db::Dataset dataset = existing_dataset(db::find_dataset(connection, actor, body.dataset));
    settle_on(dataset, body.request);
    const auto imports = db::published_import_ids(connection, dataset.id);
    const db::ExportEstimate estimate = db::estimate_export(connection, dataset, imports, body.request);
    Json json = Json::object({{"rows", estimate.rows},
                              {"rows_exact", estimate.rows_exact},
                              {"bytes", estimate.bytes},
                              {"date_column", body.request.date_column},
                              {"least", Json()},
                              {"greatest", Json()}});
    if (body.request.date_column) {
      const auto& column = dataset.columns.at(dataset.column_index(*body.request.date_column).value());
      json.set("least", day_json(column.least)).set("greatest", day_json(column.greatest));
    }
    return json_response(200, json);
  });
}

}  // namespace sluice::fcgi
