// SPDX-License-Identifier: MIT
#include "core/db/dataset_rows.hpp"
#include "core/db/import_table.hpp"
#include "fcgi-app/datasets/dataset_json.hpp"
#include "fcgi-app/datasets/handlers.hpp"
#include "fcgi-app/datasets/key_cursor.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::size_t kBytesOfPage = 8u << 20;  // a page of huge cells ends early

}  // namespace

Response list_rows(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  const db::RowKey after = key_of(page);
  Json columns = Json::array();
  Json::Array items;
  std::optional<std::string> next;
  services.db([&](db::Connection& connection) {
    db::RowsRequest wanted;
    wanted.data_database = services.config.data_database();
    wanted.dataset = require_dataset(connection, actor, request.uid());
    wanted.import_ids = db::published_import_ids(connection, wanted.dataset.id);
    columns = columns_json(wanted.dataset.columns);
    db::DatasetRows rows(connection, wanted, after);
    std::size_t bytes = 0;
    const auto sink = [&](const db::RowKey&, std::span<const db::RowCell> cells) {
      Json row = Json::array();
      for (const db::RowCell& cell : cells) {
        bytes += cell.text.size();
        row.push(cell.null ? Json() : Json(cell.text));
      }
      items.push_back(std::move(row));
    };
    while (items.size() < page.limit && bytes < kBytesOfPage) {
      // In small steps when cells are large: a step is read as a whole.
      const std::uint64_t left = page.limit - items.size();
      const std::uint64_t average = items.empty() ? 0 : bytes / items.size();
      if (!rows.next_page(sink, average > 4096 ? std::min<std::uint64_t>(left, 20) : left)) break;
    }
    if (rows.rows_left() > 0) next = key_text(rows.position());
  });
  Json body = list_body(std::move(items), next);
  body.set("columns", std::move(columns));
  return json_response(200, body);
}

}  // namespace sluice::fcgi
