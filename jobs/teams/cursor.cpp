// SPDX-License-Identifier: MIT
#include "jobs/teams/cursor.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/error.hpp"

namespace sluice::teams {
namespace {

constexpr std::array<std::string_view, 3> kStages = {"clear", "check", "apply"};

}  // namespace

Json to_json(const Cursor& cursor) {
  Json position = Json::array();
  for (const std::uint64_t number : cursor.position.numbers()) position.push(number);
  return Json::object({{"stage", kStages[static_cast<std::size_t>(cursor.stage)]},
                       {"position", position},
                       {"rows", cursor.rows},
                       {"reviewed", cursor.reviewed}});
}

Cursor cursor_from(const Json& json) {
  Cursor cursor;
  const auto* stage = std::find(kStages.begin(), kStages.end(), json.at("stage").string());
  if (stage == kStages.end()) throw Error(Kind::internal, "team.cursor", "unknown stage");
  cursor.stage = static_cast<Stage>(stage - kStages.begin());
  std::array<std::uint64_t, csv::Position::kNumbers> numbers{};
  const Json::Array& stored = json.at("position").items();
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = stored.at(i).u64();
  cursor.position = csv::Position::from_numbers(numbers);
  cursor.rows = json.at("rows").u64();
  cursor.reviewed = json.at("reviewed").boolean();
  return cursor;
}

}  // namespace sluice::teams
