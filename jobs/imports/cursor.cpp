// SPDX-License-Identifier: MIT
#include "jobs/imports/cursor.hpp"

#include <array>

#include "core/base/error.hpp"

namespace sluice::imports {
namespace {

constexpr std::array kPhases = {Phase::assemble, Phase::detect, Phase::review, Phase::target,
                                Phase::load,     Phase::verify, Phase::publish};

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::assemble:
      return "assemble";
    case Phase::detect:
      return "detect";
    case Phase::review:
      return "review";
    case Phase::target:
      return "target";
    case Phase::load:
      return "load";
    case Phase::verify:
      return "verify";
    case Phase::publish:
      return "publish";
  }
  return "assemble";
}

Json to_json(const Cursor& cursor) {
  Json position = Json::array();
  for (const std::uint64_t number : cursor.position.numbers()) position.push(number);
  return Json::object({{"phase", name_of(cursor.phase)},
                       {"detected_with", cursor.detected_with},
                       {"position", std::move(position)},
                       {"loaded", cursor.loaded},
                       {"rejected", cursor.rejected},
                       {"skipped", cursor.skipped},
                       {"repaired", cursor.repaired}});
}

Cursor cursor_from(const Json& json) {
  Cursor cursor;
  bool known = false;
  for (const Phase phase : kPhases) {
    if (json.at("phase").string() != name_of(phase)) continue;
    cursor.phase = phase;
    known = true;
  }
  const auto& numbers = json.at("position").items();
  if (!known || numbers.size() != csv::Position::kNumbers)
    throw Error(Kind::internal, "import.cursor", json.text());
  std::array<std::uint64_t, csv::Position::kNumbers> position{};
  for (std::size_t i = 0; i < position.size(); ++i) position[i] = numbers[i].u64();
  cursor.position = csv::Position::from_numbers(position);
  cursor.detected_with = json.at("detected_with").string();
  cursor.loaded = json.at("loaded").u64();
  cursor.rejected = json.at("rejected").u64();
  cursor.skipped = json.at("skipped").u64();
  cursor.repaired = json.at("repaired").u64();
  return cursor;
}

}  // namespace sluice::imports
