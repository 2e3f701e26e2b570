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

std::optional<std::uint32_t> best(const std::vector<std::string>& squashed_names, Aliases aliases) {
  for (const std::string_view alias : aliases) {
    const auto at = std::find(squashed_names.begin(), squashed_names.end(), alias);
    if (at != squashed_names.end()) return static_cast<std::uint32_t>(at - squashed_names.begin());
  }
  return std::nullopt;
}

Json name_json(const Columns& columns, const std::optional<std::uint32_t>& index) {
  return index ? Json(columns.header.at(*index)) : Json();
}

}  // namespace

Columns match_columns(std::span<const std::string> header) {
  Columns columns;
  columns.header.assign(header.begin(), header.end());
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < header.size(); ++i) {
    const bool of_report =
        std::find(kOfReports.begin(), kOfReports.end(), name_key(header[i])) != kOfReports.end();
    if (!of_report) columns.kept.push_back(i);
    names.push_back(of_report ? std::string() : squashed(header[i]));
  }
  columns.team = best(names, kTeam);
  columns.name = best(names, kName);
  columns.email = best(names, kEmail);
  columns.role = best(names, kRole);
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
