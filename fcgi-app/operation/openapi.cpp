// SPDX-License-Identifier: MIT
#include "fcgi-app/operation/openapi.hpp"

#include <algorithm>
#include <cctype>

namespace sluice::fcgi::operation {
namespace {

constexpr std::string_view kUid = "{uid}";

std::string lower_name_of(Method method) {
  std::string name(name_of(method));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

/// OpenAPI wants a name of its own for each parameter: {uid}, {uid2}.
std::string template_of(std::string_view pattern, Json& parameters) {
  std::string out;
  int number = 0;
  for (;;) {
    const auto at = pattern.find(kUid);
    out += pattern.substr(0, at);
    if (at == std::string_view::npos) return out;
    ++number;
    const std::string name = number == 1 ? "uid" : "uid" + std::to_string(number);
    out += "{" + name + "}";
    parameters.push(Json::object({{"name", name},
                                  {"in", "path"},
                                  {"required", true},
                                  {"schema", Json::object({{"type", "string"}, {"format", "uuid"}})}}));
    pattern.remove_prefix(at + kUid.size());
  }
}

std::string tag_of(std::string_view pattern) {
  const auto end = pattern.find('/', 1);
  return std::string(pattern.substr(1, end == std::string_view::npos ? end : end - 1));
}

Json query_parameters(std::string_view names) {
  Json parameters = Json::array();
  while (!names.empty() && names != kAnyParameters) {
    const auto blank = names.find(' ');
    parameters.push(Json::object(
        {{"name", names.substr(0, blank)}, {"in", "query"}, {"schema", Json::object({{"type", "string"}})}}));
    names.remove_prefix(blank == std::string_view::npos ? names.size() : blank + 1);
  }
  return parameters;
}

Json operation_of(const Route& route) {
  const Json problem =
      Json::object({{"application/problem+json",
                     Json::object({{"schema", Json::object({{"$ref", "#/components/schemas/Problem"}})}})}});
  Json responses = Json::object();
  responses.set("2XX", Json::object({{"description", "done, or work was started (202)"}}));
  responses.set("default", Json::object({{"description", "an error (RFC 9457)"}, {"content", problem}}));
  Json operation = Json::object({{"tags", Json::array({tag_of(route.pattern)})}, {"responses", responses}});
  if (Json parameters = query_parameters(route.query); !parameters.items().empty())
    operation.set("parameters", std::move(parameters));
  return operation;
}

Json problem_schema() {
  const Json text = Json::object({{"type", "string"}});
  // What is wrong with single members, parameters or headers.
  const Json fault =
      Json::object({{"type", "object"},
                    {"properties", Json::object({{"pointer", text}, {"detail", text}, {"code", text}})}});
  Json properties = Json::object({{"type", text},
                                  {"title", text},
                                  {"status", Json::object({{"type", "integer"}})},
                                  {"detail", text},
                                  {"instance", text},
                                  {"code", text},
                                  {"request_id", text},
                                  {"errors", Json::object({{"type", "array"}, {"items", fault}})}});
  return Json::object(
      {{"type", "object"}, {"required", Json::array({"code", "status"})}, {"properties", properties}});
}

}  // namespace

Json openapi_of(std::span<const Route> table, std::string_view version) {
  Json paths = Json::object();
  for (const Route& route : table) {
    Json parameters = Json::array();
    const std::string path = template_of(route.pattern, parameters);
    Json item = Json::object();
    if (const Json* known = paths.find(path); known != nullptr) item = *known;
    if (!parameters.items().empty()) item.set("parameters", parameters);
    item.set(lower_name_of(route.method), operation_of(route));
    paths.set(path, std::move(item));
  }
  return Json::object(
      {{"openapi", "3.1.0"},
       {"info", Json::object({{"title", "Sluice"},
                              {"version", version},
                              {"license", Json::object({{"name", "MIT"}, {"identifier", "MIT"}})}})},
       {"paths", paths},
       {"components", Json::object({{"schemas", Json::object({{"Problem", problem_schema()}})}})}});
}

Response get_openapi(Request& request, const Actor&, Services& services) {
  return json_with_etag(request, openapi_of(routes(), services.config.version));
}

}  // namespace sluice::fcgi::operation
