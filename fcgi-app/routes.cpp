// SPDX-License-Identifier: MIT
#include "fcgi-app/routes.hpp"

#include <algorithm>

namespace sluice::fcgi {
namespace {

constexpr std::string_view kUid = "{uid}", kNumber = "{n}";

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 9 && text.front() != '0' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The uids of `path` if it has the shape of `pattern`. Nothing is decoded: one address, one spelling.
std::optional<std::vector<Uid>> match(std::string_view pattern, std::string_view path) {
  std::vector<Uid> uids;
  for (;;) {
    const auto at = pattern.find('{');
    const std::string_view literal = pattern.substr(0, at);
    if (at == std::string_view::npos) return path == literal ? std::optional(std::move(uids)) : std::nullopt;
    if (!path.starts_with(literal)) return std::nullopt;
    path.remove_prefix(literal.size());
    const auto end = path.find('/');
    const std::string_view part = path.substr(0, end);
    pattern.remove_prefix(at);
    if (pattern.starts_with(kNumber)) {
      if (!is_number(part)) return std::nullopt;
      pattern.remove_prefix(kNumber.size());
    } else {
      const auto uid = Uid::parse(part);
      if (!uid) return std::nullopt;
      uids.push_back(*uid);
      pattern.remove_prefix(kUid.size());
    }
    path.remove_prefix(part.size());
  }
}

}  // namespace

std::span<const Route> routes() {
  static const std::vector<Route> all = [] {
    std::vector<Route> out;
    for (const auto table : {upload_routes(), dataset_routes(), team_routes(), export_routes(), job_routes(),
                             operation_routes()})
      out.insert(out.end(), table.begin(), table.end());
    return out;
  }();
  return all;
}

RouteMatch find_route(std::span<const Route> table, Method method, std::string_view path) {
  RouteMatch found;
  const Route* get = nullptr;
  for (const Route& route : table) {
    auto uids = match(route.pattern, path);
    if (!uids) continue;
    found.uids = std::move(*uids);
    found.allowed.push_back(route.method);
    if (route.method == method) found.route = &route;
    if (route.method == Method::get) get = &route;
  }
  const auto allows = [&](Method m) {
    return std::find(found.allowed.begin(), found.allowed.end(), m) != found.allowed.end();
  };
  if (found.route == nullptr && method == Method::head) found.route = get;
  if (get != nullptr && !allows(Method::head)) found.allowed.push_back(Method::head);
  if (!found.allowed.empty() && !allows(Method::options)) found.allowed.push_back(Method::options);
  return found;
}

}  // namespace sluice::fcgi
