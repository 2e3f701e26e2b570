// SPDX-License-Identifier: MIT
#include "fcgi-app/dispatch.hpp"

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "fcgi-app/cors.hpp"
#include "fcgi-app/error_response.hpp"
#include "fcgi-app/gate.hpp"
#include "fcgi-app/idempotency.hpp"
#include "fcgi-app/query.hpp"
#include "fcgi-app/tus/options.hpp"
#include "fcgi-app/tus/pre_check.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::size_t kMostProblem = 8 * 1024;

/// auth_request knows only 2xx, 401 and 403, and passes no body on: any refusal becomes 403 with the true
/// status and code in X-Why and the body, which is one line of JSON, in X-Problem.
Response as_pre_check_answer(const Response& response, std::string_view code) {
  if (response.status < 300) return Response(204);
  Response answer(403);
  answer.header("X-Why", std::to_string(response.status) + " " + std::string(code));
  // nginx keeps 16 kB of headers (fastcgi_buffer_size); without this one it says in general what the status
  // means.
  if (response.body.size() <= kMostProblem) answer.header("X-Problem", response.body);
  return answer;
}

/// X-HTTP-Method-Override counts on POST only: a GET that deletes would be a hole.
void override_method(Request& request) {
  if (request.method != Method::post) return;
  const auto wanted = request.header("X-HTTP-Method-Override");
  if (!wanted || *wanted == "POST") return;
  for (const Method method : {Method::patch, Method::del, Method::head})
    if (*wanted == name_of(method)) {
      request.method = method;
      return;
    }
  throw Error(Kind::invalid, "http.method_override", "X-HTTP-Method-Override: " + *wanted);
}

std::string join(const std::vector<Method>& methods) {
  std::string out;
  for (const Method method : methods) out += (out.empty() ? "" : ", ") + std::string(name_of(method));
  return out;
}

Response answer(Request& request, Services& services, std::span<const Route> table) {
  const Method sent = request.method;
  override_method(request);
  RouteMatch match = find_route(table, request.method, request.path);
  const Actor actor =
      gate(request, sent, match.route != nullptr ? match.route->policy : Policy::owner, services.config);
  request.uids = std::move(match.uids);
  if (request.is_pre_check) {
    tus::pre_check(request, actor, services);
    return Response(204);
  }

  if (match.allowed.empty()) throw Error(Kind::not_found, "http.not_found", "no route: " + request.path);
  if (match.route == nullptr) {
    if (request.method == Method::options) return Response(204).header("Allow", join(match.allowed));
    Response response =
        error_response(Error(Kind::unsupported, "http.method", "no such method here"), request);
    response.header("Allow", join(match.allowed));
    return response;
  }
  if (const auto coding = request.header("Content-Encoding"); coding && *coding != "identity")
    throw Error(Kind::unsupported, "http.content_encoding", "Content-Encoding: " + *coding);
  // Before anything is done: a filter that is misspelt would show everything, a misspelt dry_run would write.
  if (match.route->query != kAnyParameters) require_known_parameters(request.query, match.route->query);
  return answer_once(request, actor, services, match.route->handler);
}

}  // namespace

Response refuse(const Error& error, const Request& request) {
  const int status = status_of(error);
  log(status >= 500 ? (error.kind() == Kind::internal ? LogLevel::error : LogLevel::warning) : LogLevel::info,
      "request refused", {{"req", request.request_id}, {"code", error.code()}, {"detail", error.detail()}});
  return error_response(error, request);
}

Response dispatch(Request& request, Services& services, std::span<const Route> table) {
  Response response;
  std::string code;
  try {
    response = answer(request, services, table);
  } catch (const Error& error) {
    code = error.code();
    response = refuse(error, request);
  } catch (const std::exception& error) {
    code = "internal";
    response = refuse(Error(Kind::internal, code, error.what()), request);
  }
  if (request.is_pre_check) return as_pre_check_answer(response, code);
  tus::add_headers(request, response);
  add_cors(request, services.config, response);
  return response;
}

}  // namespace sluice::fcgi
