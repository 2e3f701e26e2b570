// SPDX-License-Identifier: MIT
// All of it is read in one snapshot: an import that is applied meanwhile is in the file as a whole or not at
// all.
#include <map>

#include "core/csv/writer.hpp"
#include "core/db/export_request.hpp"
#include "core/db/snapshot.hpp"
#include "core/db/team_table.hpp"
#include "fcgi-app/request_error.hpp"
#include "fcgi-app/teams/handlers.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::uint32_t kTeamsPerRead = 200;
constexpr std::uint32_t kMembersPerRead = 1000;

class Sheet {
 public:
  Sheet(const BodySink& write, csv::Formulas formulas)
      : write_(write), writer_(text_, {.formulas = formulas}) {
    for (const std::string_view name : {"team", "name", "email", "role"}) writer_.field(name);
    writer_.end_record();
  }
  void add(const std::string& team, const db::Member& member) {
    for (const std::string* cell : {&team, &member.name, &member.email, &member.role}) writer_.field(*cell);
    writer_.end_record();
  }
  void flush() {
    write_(text_);
    text_.clear();
  }

 private:
  const BodySink& write_;
  std::string text_;
  csv::Writer writer_;
};

void add_large_team(db::Connection& connection, const db::Team& team, Sheet& sheet) {
  for (std::uint64_t after = 0;;) {
    const auto members = db::list_members(connection, team.id, kMembersPerRead, after);
    for (const db::Member& member : members) sheet.add(team.name, member);
    sheet.flush();
    if (members.size() < kMembersPerRead) return;
    after = members.back().id;
  }
}

// Teams of a few members come several at a time.
class SmallTeams {
 public:
  void add(const db::Team& team) {
    names_.emplace(team.id, team.name);
    ids_.push_back(team.id);
    members_ += team.member_count;
  }
  bool has_room_for(const db::Team& team) const { return members_ + team.member_count <= kMembersPerRead; }
  void write(db::Connection& connection, Sheet& sheet) {
    for (const db::TeamMember& each : db::members_of_teams(connection, ids_))
      sheet.add(names_.at(each.team_id), each.member);
    sheet.flush();
    *this = {};
  }

 private:
  std::map<std::uint64_t, std::string> names_;
  std::vector<std::uint64_t> ids_;
  std::uint64_t members_ = 0;
};

void write_groups(db::Connection& connection, const Actor& actor, const std::string& search, Sheet& sheet) {
  const db::Snapshot snapshot(connection);
  std::optional<std::string> after;
  do {
    const db::TeamList list = db::list_teams(connection, actor, search, kTeamsPerRead, after);
    SmallTeams small;
    for (const db::Team& team : list.teams) {
      if (!small.has_room_for(team)) small.write(connection, sheet);
      if (team.member_count > kMembersPerRead) {
        add_large_team(connection, team, sheet);
      } else {
        small.add(team);
      }
    }
    small.write(connection, sheet);
    after = list.next;
  } while (after);
}

csv::Formulas formulas_of(const Request& request) {
  const auto formulas = db::parse_formulas(request.query_parameter("formulas").value_or("keep"));
  if (!formulas)
    throw RequestError(Kind::invalid, "request.members", {{"?formulas", "takes keep, escape", "unknown"}});
  return *formulas;
}

}  // namespace

Response groups_csv(Request& request, const Actor& actor, Services& services) {
  const csv::Formulas formulas = formulas_of(request);
  const std::string search = request.query_parameter("search").value_or("");
  Response response(200);
  response.header("Content-Type", "text/csv; charset=utf-8")
      .header("Content-Disposition", content_disposition("teams.csv"))
      .header("Cache-Control", "no-store");
  response.stream = [&services, actor, search, formulas](const BodySink& write) {
    Sheet sheet(write, formulas);
    services.db([&](db::Connection& connection) { write_groups(connection, actor, search, sheet); });
  };
  return response;
}

}  // namespace sluice::fcgi
