// SPDX-License-Identifier: MIT
#include "jobs/teams/row_check.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/fold.hpp"
#include "core/csv/layout.hpp"

namespace sluice::teams {
namespace {

constexpr std::array<std::string_view, 3> kRoles = {"admin", "member", "viewer"};
constexpr std::uint32_t kRoleEdits = 2;
constexpr std::size_t kShownCharacters = 60;  // of a value, in a message
constexpr std::size_t kMostLabel = 63;        // RFC 1035, section 2.3.4

// The value in quotes, shortened: a message names it, the row has it whole.
std::string shown(std::string_view value) {
  std::size_t end = value.size(), characters = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(value[i]) & 0xC0) != 0x80;
    if (starts && characters++ == kShownCharacters) {
      end = i;
      break;
    }
  }
  std::string text(value.substr(0, end));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\t'; }, ' ');
  return "'" + text + (end < value.size() ? "…'" : "'");
}

std::string_view field_of(const csv::Record& record, const std::optional<std::uint32_t>& index) {
  if (!index || *index >= record.fields.size()) return {};
  return record.fields[*index].text;
}

// Cut to what its column holds: only ever of values that are errors, kept to be shown.
std::optional<std::string> for_show(std::string_view value, std::size_t most_characters) {
  if (value.empty()) return std::nullopt;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(value[i]) & 0xC0) != 0x80;
    if (starts && characters++ == most_characters) return std::string(value.substr(0, i));
  }
  return std::string(value);
}

void check_team(db::TeamImportRow& row, std::string_view value) {
  const auto clean = clean_name(value);
  row.team = for_show(clean.value_or(std::string(value)), kMostNameCharacters);
  if (clean && clean->empty()) {
    add_issue(row, Severity::error, "team", "team.team_missing", "The team is missing.");
  } else if (!clean) {
    add_issue(row, Severity::error, "team", "team.team_invalid",
              "The team's name " + shown(value) + " holds a line break or a control character.");
  } else if (count_characters(*clean) > kMostNameCharacters) {
    add_issue(row, Severity::error, "team", "team.team_too_long",
              "The team's name is longer than 200 characters.");
  } else {
    row.team_key = name_key(*clean);
  }
}

void check_name(db::TeamImportRow& row, std::string_view value) {
  const auto clean = clean_name(value);
  row.name = for_show(clean.value_or(std::string(value)), kMostNameCharacters);
  if (clean && clean->empty()) {
    add_issue(row, Severity::error, "name", "team.name_missing", "The name is missing.");
  } else if (!clean) {
    add_issue(row, Severity::error, "name", "team.name_invalid",
              "The name " + shown(value) + " holds a line break or a control character.");
  } else if (count_characters(*clean) > kMostNameCharacters) {
    add_issue(row, Severity::error, "name", "team.name_too_long", "The name is longer than 200 characters.");
  }
}

std::string email_hint(std::string_view value) {
  const auto signs = std::count(value.begin(), value.end(), '@');
  if (signs == 0) return "An address has an @.";
  if (signs > 1) return "An address has one @.";
  if (value.find_first_of(" \t\r\n") != std::string_view::npos)
    return "An address has no blanks or line breaks.";
  if (value.find('.', value.find('@')) == std::string_view::npos)
    return "What follows the @ has a dot, as in example.com.";
  return {};
}

void check_email(db::TeamImportRow& row, std::string_view value) {
  const auto clean = clean_name(value);
  row.email = for_show(clean.value_or(std::string(value)), kMostEmailCharacters);
  if (clean && clean->empty()) {
    add_issue(row, Severity::error, "email", "team.email_missing", "The e-mail is missing.");
  } else if (count_characters(value) > kMostEmailCharacters &&
             (!clean || count_characters(*clean) > kMostEmailCharacters)) {
    add_issue(row, Severity::error, "email", "team.email_too_long",
              "The e-mail is longer than 254 characters.");
  } else if (!clean || !is_email(*clean)) {
    add_issue(row, Severity::error, "email", "team.email_invalid",
              shown(value) + " is not an e-mail address.", email_hint(value));
  } else {
    row.email_key = name_key(*clean);
  }
}

void check_role(db::TeamImportRow& row, std::string_view value) {
  const std::string key = name_key(value);
  if (key.empty()) return;  // not given: member for a new one, as it is for one that is there
  if (std::find(kRoles.begin(), kRoles.end(), key) != kRoles.end()) {
    row.role = key;
    return;
  }
  std::string hint = "Use admin, member or viewer.";
  for (const std::string_view role : kRoles) {
    if (edit_distance(key, role, kRoleEdits) <= kRoleEdits)
      hint = "Did you mean '" + std::string(role) + "'?";
  }
  add_issue(row, Severity::error, "role", "team.role_unknown", "There is no role " + shown(value) + ".",
            hint);
}

void keep_raw(db::TeamImportRow& row, const csv::Record& record, const Columns& columns) {
  std::vector<csv::Field> fields;
  for (const std::uint32_t index : columns.kept)
    fields.push_back(index < record.fields.size() ? record.fields[index] : csv::Field{});
  csv::pack_record(fields, row.raw);
  if (record.fields.size() > columns.header.size())
    csv::pack_record(record.fields.subspan(columns.header.size()), row.surplus);
}

bool is_local_character(char c) {
  const auto u = static_cast<unsigned char>(c);
  if (u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z')) return true;
  return std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMostLabel || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
           u == '-';
  });
}

}  // namespace

void add_issue(db::TeamImportRow& row, Severity severity, std::string_view field, std::string_view code,
               std::string message, std::string hint) {
  row.errors.push(Json::object({{"field", field.empty() ? Json() : Json(field)},
                                {"code", code},
                                {"message", std::move(message)},
                                {"hint", hint.empty() ? Json() : Json(std::move(hint))},
                                {"severity", severity == Severity::error ? "error" : "warning"}}));
  if (severity == Severity::error) make_error(row);
}

void make_error(db::TeamImportRow& row) {
  row.status = "error";
  row.team_key.reset();
  row.email_key.reset();
}

db::TeamImportRow check_record(const csv::Record& record, const Columns& columns, std::uint64_t row_no) {
  db::TeamImportRow row;
  row.row_no = row_no;
  row.line = record.first_line;
  row.status = "created";
  keep_raw(row, record, columns);
  if (record.kind == csv::RecordKind::reject) {
    row.team = for_show(field_of(record, columns.team), kMostNameCharacters);
    row.name = for_show(field_of(record, columns.name), kMostNameCharacters);
    row.email = for_show(field_of(record, columns.email), kMostEmailCharacters);
    add_issue(row, Severity::error, "", "team." + std::string(csv::to_string(record.code)),
              std::string(record.message));
    return row;
  }
  check_team(row, field_of(record, columns.team));
  if (columns.name) check_name(row, field_of(record, columns.name));
  check_email(row, field_of(record, columns.email));
  check_role(row, field_of(record, columns.role));
  if (row.status == "error") make_error(row);  // keys set after the first error go too
  return row;
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos)
    return false;
  const std::string_view local = text.substr(0, at);
  std::string_view domain = text.substr(at + 1);
  if (!std::all_of(local.begin(), local.end(), is_local_character)) return false;
  if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) return false;
  if (domain.find('.') == std::string_view::npos) return false;
  for (;;) {
    const std::size_t dot = domain.find('.');
    if (!is_label(domain.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    domain.remove_prefix(dot + 1);
  }
}

}  // namespace sluice::teams
