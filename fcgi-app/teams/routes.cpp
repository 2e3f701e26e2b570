// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"

#include "fcgi-app/teams/handlers.hpp"

namespace sluice::fcgi {
namespace {

constexpr Route kRoutes[] = {
    {Method::post, "/team", Policy::owner, create_team_import},
    {Method::get, "/team", Policy::owner, list_team_imports},
    {Method::get, "/team/groups", Policy::owner, list_groups},
    {Method::get, "/team/groups.csv", Policy::owner, groups_csv},
    {Method::get, "/team/groups/{uid}", Policy::owner, show_group},
    {Method::get, "/team/{uid}", Policy::owner, show_team_import},
    {Method::get, "/team/{uid}/rows", Policy::owner, list_team_import_rows},
    {Method::get, "/team/{uid}/report", Policy::owner, team_import_report},
    {Method::post, "/team/{uid}/commit", Policy::owner, commit_team_import},
    {Method::post, "/team/{uid}/undo", Policy::owner, undo_team_import},
};

}  // namespace

std::span<const Route> team_routes() {
  return kRoutes;
}

}  // namespace sluice::fcgi
