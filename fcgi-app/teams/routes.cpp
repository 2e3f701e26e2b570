// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"

#include "fcgi-app/teams/handlers.hpp"

namespace sluice::fcgi {
namespace {

constexpr Route kRoutes[] = {
    {Method::post, "/team", Policy::owner, create_team_import,
     "dry_run on_error team_column name_column email_column role_column"},
    {Method::get, "/team", Policy::owner, list_team_imports, "limit cursor state dataset"},
    {Method::get, "/team/groups", Policy::owner, list_groups, "limit cursor search"},
    {Method::get, "/team/groups.csv", Policy::owner, groups_csv, "search formulas"},
    {Method::get, "/team/groups/{uid}", Policy::owner, show_group, "limit cursor"},
    {Method::get, "/team/{uid}", Policy::owner, show_team_import},
    {Method::get, "/team/{uid}/rows", Policy::owner, list_team_import_rows, "limit cursor status"},
    {Method::get, "/team/{uid}/report", Policy::owner, team_import_report},
    {Method::post, "/team/{uid}/commit", Policy::owner, commit_team_import, "on_error"},
    {Method::post, "/team/{uid}/undo", Policy::owner, undo_team_import},
};

}  // namespace

std::span<const Route> team_routes() {
  return kRoutes;
}

}  // namespace sluice::fcgi
