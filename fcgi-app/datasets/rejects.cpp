// SPDX-License-Identifier: MIT
#include "core/db/import_findings.hpp"
#include "core/db/import_table.hpp"
#include "core/db/reject_table.hpp"
#include "fcgi-app/datasets/handlers.hpp"
#include "fcgi-app/datasets/key_cursor.hpp"
#include "fcgi-app/datasets/reject_source.hpp"

namespace sluice::fcgi {
namespace {

/// Names of the file's columns, by their place in the file.
std::vector<std::string> names_in_file(const db::Import& import) {
  std::vector<std::string> names;
  if (!import.columns) return names;
  for (const db::ImportColumn& column : db::import_columns_from(*import.columns)) {
    if (names.size() <= column.file_column) names.resize(column.file_column + 1);
    names[column.file_column] = column.column.name;
  }
  return names;
}

Json reject_json(const db::Import& import, const std::vector<std::string>& names, const db::Reject& reject) {
  const bool named = reject.column && *reject.column < names.size();
  return Json::object({{"import", import.uid.text()},
                       {"record", reject.record_no},
                       {"first_line", reject.first_line},
                       {"last_line", reject.last_line},
                       {"byte_offset", reject.byte_offset},
                       {"column", reject.column},
                       {"column_name", named ? Json(names[*reject.column]) : Json()},
                       {"code", reject.code},
                       {"message", reject.message},
                       {"raw", reject.raw}});
}

Json codes_json(db::Connection& connection, const RejectSource& source) {
  std::vector<std::uint64_t> ids;
  for (const db::Import& import : source.imports) ids.push_back(import.id);
  Json codes = Json::array();
  for (const db::RejectCount& each : db::count_rejects_by_code(connection, ids))
    codes.push(Json::object({{"code", each.code}, {"count", each.count}}));
  return codes;
}

template <typename Find>
Response list_of(Request& request, Services& services, Find find) {
  const Page page = page_of(request);
  const db::RowKey after = key_of(page);
  Json::Array items;
  std::optional<std::string> next;
  std::optional<Json> codes;  // a pass over all of them: on the first page only
  services.db([&](db::Connection& connection) {
    const RejectSource source = find(connection);
    if (!page.after) codes = codes_json(connection, source);
    for (const db::Import& import : source.imports) {
      if (import.id < after.import_id || next) continue;
      const auto names = names_in_file(import);
      const std::uint64_t from = import.id == after.import_id ? after.row_no : 0;
      const auto room = static_cast<std::uint32_t>(page.limit - items.size());
      for (const db::Reject& reject : db::list_rejects(connection, import.id, from, room)) {
        items.push_back(reject_json(import, names, reject));
        if (items.size() == page.limit) next = key_text({import.id, reject.record_no});
      }
    }
  });
  Json body = list_body(page, std::move(items), next);
  if (codes) body.set("codes", std::move(*codes));
  return json_response(200, body);
}

}  // namespace

Response list_rejects(Request& request, const Actor& actor, Services& services) {
  return list_of(request, services, [&](db::Connection& connection) {
    return rejects_of_dataset(connection, actor, request.uid());
  });
}

Response list_upload_rejects(Request& request, const Actor& actor, Services& services) {
  return list_of(request, services, [&](db::Connection& connection) {
    return rejects_of_upload(connection, actor, request.uid());
  });
}

}  // namespace sluice::fcgi
