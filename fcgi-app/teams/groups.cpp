// SPDX-License-Identifier: MIT
#include "core/db/team_table.hpp"
#include "fcgi-app/jobs/filter.hpp"
#include "fcgi-app/teams/handlers.hpp"

namespace sluice::fcgi {
namespace {

Json team_json(const db::Team& team) {
  return Json::object({{"uid", team.uid.text()},
                       {"name", team.name},
                       {"member_count", team.member_count},
                       {"created_at", team.created_at},
                       {"created_by", team.created_by ? Json(team.created_by->text()) : Json()}});
}

}  // namespace

Response list_groups(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  const std::string search = request.query_parameter("search").value_or("");
  const db::TeamList list = services.db(
      [&](db::Connection& db) { return db::list_teams(db, actor, search, page.limit, page.after); });
  Json::Array items;
  for (const db::Team& team : list.teams) items.push_back(team_json(team));
  return json_response(200, list_body(page, std::move(items), list.next));
}

Response show_group(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  const std::uint64_t after = number_in_cursor(page).value_or(0);
  return services.db([&](db::Connection& connection) {
    const auto team = db::find_team(connection, actor, request.uid());
    if (!team)
      throw Error(Kind::not_found, "team.group_not_found", "no such team",
                  "There is no team at this address.");
    const auto members = db::list_members(connection, team->id, page.limit + 1, after);
    Json::Array items;
    Json next;
    for (const db::Member& member : members) {
      if (items.size() == page.limit) {
        next = make_cursor(page, std::to_string(members[page.limit - 1].id));
        break;
      }
      items.push_back(Json::object({{"uid", member.uid.text()},
                                    {"name", member.name},
                                    {"email", member.email},
                                    {"role", member.role}}));
    }
    Json json = team_json(*team);
    json.set("members", std::move(items));
    json.set("next", next);
    return json_response(200, json);
  });
}

}  // namespace sluice::fcgi
