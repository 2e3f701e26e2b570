// SPDX-License-Identifier: MIT
#include <charconv>

#include "core/base/error.hpp"
#include "fcgi-app/datasets/dataset_json.hpp"
#include "fcgi-app/datasets/handlers.hpp"

namespace sluice::fcgi {

db::Dataset require_dataset(db::Connection& connection, const Actor& actor, const Uid& uid) {
  auto dataset = db::find_dataset(connection, actor, uid);
  if (!dataset)
    throw Error(Kind::not_found, "dataset.not_found", uid.text(),
                "There is no dataset at this address. GET /datasets lists those there are.");
  return std::move(*dataset);
}

Response list_datasets(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  std::optional<std::uint64_t> before;
  if (page.after) {
    std::uint64_t id = 0;
    const char* end = page.after->data() + page.after->size();
    const auto parsed = std::from_chars(page.after->data(), end, id);
    if (parsed.ec != std::errc{} || parsed.ptr != end)
      throw Error(Kind::invalid, "http.cursor", "no dataset's id");
    before = id;
  }
  Json::Array items;
  std::optional<std::string> next;
  services.db([&](db::Connection& connection) {
    auto datasets = db::list_datasets(connection, actor, page.limit + 1, before);
    if (datasets.size() > page.limit) {
      datasets.pop_back();
      next = std::to_string(datasets.back().id);
    }
    for (const db::Dataset& dataset : datasets)
      items.push_back(dataset_json(dataset, db::published_imports(connection, dataset.id)));
  });
  return json_with_etag(request, list_body(page, std::move(items), next));
}

Response show_dataset(Request& request, const Actor& actor, Services& services) {
  return json_with_etag(request, services.db([&](db::Connection& connection) {
    const db::Dataset dataset = require_dataset(connection, actor, request.uid());
    const auto imports = db::published_imports(connection, dataset.id);
    std::vector<std::uint64_t> ids;
    for (const db::Import& import : imports) ids.push_back(import.id);
    Json json = dataset_json(dataset, imports);
    json.set("columns", columns_json(dataset.columns, db::column_stats(connection, ids, dataset.columns)));
    return json;
  }));
}

}  // namespace sluice::fcgi
