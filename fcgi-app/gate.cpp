// SPDX-License-Identifier: MIT
// A page from elsewhere, open in the user's browser, reaches loopback too. So: only known Host names (a name
// rebound to 127.0.0.1 is none), and no unsafe method whose Origin or Sec-Fetch-Site is foreign. curl and tus
// clients send neither.
#include "fcgi-app/gate.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace sluice::fcgi {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// host of host[:port], [::1]:8081 included
std::string_view without_port(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    return close == std::string_view::npos ? authority : authority.substr(0, close + 1);
  }
  return authority.substr(0, authority.find(':'));
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]" || host == "::1" || host.ends_with(".localhost")) return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

void require_known_host(const Request& request, const Config& config) {
  const auto host = request.header("Host");
  if (!host) return;  // HTTP/1.0: no browser
  const std::string name = lower(without_port(*host));
  if (is_loopback(name)) return;
  for (const std::string& allowed : config.allowed_hosts)
    if (name == lower(without_port(allowed))) return;
  throw Error(Kind::forbidden, "http.host", "Host: " + *host);
}

void require_own_origin(const Request& request, const Config& config) {
  const auto origin = request.header("Origin");
  if (origin) {
    if (is_allowed_origin(config, *origin)) return;
    const auto scheme_end = origin->find("://");
    const auto host = request.header("Host");
    if (scheme_end == std::string::npos || !host || lower(origin->substr(scheme_end + 3)) != lower(*host))
      throw Error(Kind::forbidden, "http.foreign_origin", "Origin: " + *origin);
    return;
  }
  const auto site = request.header("Sec-Fetch-Site");
  // same-site is another port of the same machine: foreign
  if (site && *site != "same-origin" && *site != "none")
    throw Error(Kind::forbidden, "http.foreign_origin", "Sec-Fetch-Site: " + *site);
}

}  // namespace

void require_safe_publishing(const Config& config) {
  if (config.auth != "off" || is_loopback(lower(without_port(config.publish)))) return;
  throw Error(Kind::invalid, "config.invalid",
              "SLUICE_AUTH=off is for loopback addresses only, but SLUICE_PUBLISH is " + config.publish +
                  ": publish on 127.0.0.1, or put a proxy that asks for a login in front");
}

bool is_allowed_origin(const Config& config, std::string_view origin) {
  return std::find(config.cors_origins.begin(), config.cors_origins.end(), origin) !=
         config.cors_origins.end();
}

Actor gate(const Request& request, Method sent, Policy, const Config& config) {
  require_known_host(request, config);
  if (!is_safe(sent) || !is_safe(request.method)) require_own_origin(request, config);
  Actor actor;
  actor.owner_id = 1;
  actor.name = "local";
  actor.admin = true;
  return actor;
}

}  // namespace sluice::fcgi
