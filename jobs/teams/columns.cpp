// SPDX-License-Identifier: MIT
#include "jobs/teams/columns.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/fold.hpp"

namespace sluice::teams {
namespace {

// Letters and digits of the folded name; better ones first.
using Aliases = std::span<const std::string_view>;
constexpr std::array<std::string_view, 8> kTeam = {"team",  "teamname", "group",      "groupname",
                                                   "squad", "crew",     "department", "unit"};
constexpr std::array<std::string_view, 10> kName = {"name",     "fullname",   "membername",  "displayname",
                                                    "member",   "personname", "personsname", "person",
                                                    "username", "user"};
constexpr std::array<std::string_view, 8> kEmail = {"email",       "emailaddress", "mail",    "mailaddress",
                                                    "memberemail", "useremail",    "emailid", "address"};
constexpr std::array<std::string_view, 5> kRole = {"role", "teamrole", "memberrole", "permission", "access"};
constexpr std::array<std::string_view, 3> kOfReports = {"_row", "_status", "_error"};

std::string squashed(std::string_view name) {
  std::string out;
  for (const char c : name_key(name)) {
    const bool ascii_sign =
        static_cast<unsigned char>(c) < 0x80 && !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
    if (!ascii_sign) out += c;
  }
  return out;
}

using Index = std::optional<std::uint32_t>;

Index index_of(const std::vector<std::string>& names, std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? std::nullopt : Index(static_cast<std::uint32_t>(at - names.begin()));
}

Index best(const std::vector<std::string>& squashed_names, Aliases aliases) {
  for (const std::string_view alias : aliases) {
    if (const Index at = index_of(squashed_names, alias)) return at;
  }
  return std::nullopt;
}

// As it is written, else without case.
Index chosen(const std::vector<std::string>& header, const std::string& name) {
  if (const Index exact = index_of(header, name)) return exact;
  const auto at = std::find_if(header.begin(), header.end(),
                               [&](const std::string& each) { return name_key(each) == name_key(name); });
  return at == header.end() ? std::nullopt : Index(static_cast<std::uint32_t>(at - header.begin()));
}

Json name_json(const Columns& columns, const Index& index) {
  return index ? Json(columns.header.at(*index)) : Json();
}

}  // namespace

ColumnChoice column_choice_from(const Json& params) {
  ColumnChoice choice;
  const Json* columns = params.is_object() ? params.find("columns") : nullptr;
  if (columns == nullptr || !columns->is_object()) return choice;
  const auto read = [&](std::string_view field, std::optional<std::string>& into) {
    if (const Json* name = columns->find(field); name != nullptr && name->is_string()) into = name->string();
  };
  read("team", choice.team);
  read("name", choice.name);
  read("email", choice.email);
  read("role", choice.role);
  return choice;
}

Columns match_columns(std::span<const std::string> header, const ColumnChoice& choice) {
  Columns columns;
  columns.header.assign(header.begin(), header.end());
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < header.size(); ++i) {
    const bool of_report =
        std::find(kOfReports.begin(), kOfReports.end(), name_key(header[i])) != kOfReports.end();
    if (!of_report) columns.kept.push_back(i);
    names.push_back(of_report ? std::string() : squashed(header[i]));
  }
  const auto choose = [&](const std::optional<std::string>& name, Index& into) {
    if (!name || name->empty()) return;
    into = chosen(columns.header, *name);
    if (into) {
      names[*into].clear();
    } else {
      columns.unknown.push_back(*name);
    }
  };
  choose(choice.team, columns.team);
  choose(choice.name, columns.name);
  choose(choice.email, columns.email);
  choose(choice.role, columns.role);
  if (!choice.team) columns.team = best(names, kTeam);
  if (!choice.name) columns.name = best(names, kName);
  if (!choice.email) columns.email = best(names, kEmail);
  if (!choice.role) columns.role = best(names, kRole);
  return columns;
}

std::vector<std::string> Columns::ignored() const {
  std::vector<std::string> names;
  for (const std::uint32_t index : kept) {
    if (index != team && index != name && index != email && index != role) names.push_back(header[index]);
  }
  return names;
}

Json to_json(const Columns& columns) {
  Json ignored = Json::array(), header = Json::array();
  for (const std::string& name : columns.ignored()) ignored.push(name);
  for (const std::uint32_t index : columns.kept) header.push(columns.header[index]);
  return Json::object({{"mapped", Json::object({{"team", name_json(columns, columns.team)},
                                                {"name", name_json(columns, columns.name)},
                                                {"email", name_json(columns, columns.email)},
                                                {"role", name_json(columns, columns.role)}})},
                       {"ignored", ignored},
                       {"header", header}});
}

}  // namespace sluice::teams
