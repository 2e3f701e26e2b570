// SPDX-License-Identifier: MIT
// THE table: method, path, policy, handler. Reads as the API; a route without a policy does not compile.
#pragma once
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/actor.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi {

using Handler = Response (*)(Request& request, const Actor& actor, Services& services);

enum class Policy {
  open,   ///< anybody: health, the description of the API
  owner,  ///< the actor's own things only
};

struct Route {
  Method method;
  std::string_view pattern;  ///< "/upload/{uid}/preview": `{uid}` is a canonical lower-case UUID, `{n}` a
                             ///< number from 1, which its handler reads from the path; all else literal
  Policy policy;
  Handler handler;
  std::string_view query = {};  ///< the parameters it takes, with blanks between them; any other is refused
};
/// For `query`: whatever comes is let through. Clients of tus and of operation have addresses of their own
/// making, and nothing in them is looked at.
constexpr std::string_view kAnyParameters = "*";

/// All routes, put together from the tables below.
std::span<const Route> routes();

/// What the table says of a request.
struct RouteMatch {
  const Route* route = nullptr;  ///< nothing: unknown path (then `allowed` is empty) or unknown method
  std::vector<Uid> uids;
  std::vector<Method>
      allowed;  ///< what the path knows, for Allow; OPTIONS always, HEAD wherever there is GET
};
/// HEAD is answered by GET's handler where it has none of its own.
RouteMatch find_route(std::span<const Route> table, Method method, std::string_view path);

// One table per folder, so that each thing's addresses stand beside its handlers.
std::span<const Route> upload_routes();     // fcgi-app/uploads/routes.cpp (with the tus requests)
std::span<const Route> dataset_routes();    // fcgi-app/datasets/routes.cpp
std::span<const Route> team_routes();       // fcgi-app/teams/routes.cpp
std::span<const Route> export_routes();     // fcgi-app/exports/routes.cpp
std::span<const Route> job_routes();        // fcgi-app/jobs/routes.cpp
std::span<const Route> operation_routes();  // fcgi-app/operation/routes.cpp

}  // namespace sluice::fcgi
