// SPDX-License-Identifier: MIT
#include "jobs/imports/cursor.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/base/error.hpp"

namespace sluice::imports {
namespace {

constexpr std::array kPhases = {Phase::assemble, Phase::detect, Phase::review, Phase::target,
                                Phase::load,     Phase::verify, Phase::publish};

Json numbers_of(const csv::Position& position) {
  Json list = Json::array();
  for (const std::uint64_t number : position.numbers()) list.push(number);
  return list;
}

csv::Position position_from(const Json& json) {
  const auto& items = json.items();
  std::array<std::uint64_t, csv::Position::kNumbers> numbers{};
  if (items.size() != numbers.size()) throw Error(Kind::internal, "import.cursor", json.text());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = items[i].u64();
  return csv::Position::from_numbers(numbers);
}

Json to_json(const Part& part) {
  return Json::object({{"start", numbers_of(part.start)},
                       {"at", numbers_of(part.at)},
                       {"until", part.until},
                       {"done", part.done},
                       {"loaded", part.counts.loaded},
                       {"rejected", part.counts.rejected},
                       {"skipped", part.counts.skipped},
                       {"repaired", part.counts.repaired}});
}

Part part_from(const Json& json) {
  Part part;
  part.start = position_from(json.at("start"));
  part.at = position_from(json.at("at"));
  part.until = json.at("until").u64();
  part.done = json.at("done").boolean();
  part.counts = {json.at("loaded").u64(), json.at("rejected").u64(), json.at("skipped").u64(),
                 json.at("repaired").u64()};
  return part;
}

template <typename Of>
std::uint64_t sum(std::span<const Part> parts, Of of) {
  std::uint64_t total = 0;
  for (const Part& part : parts) total += of(part);
  return total;
}

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

void Counts::add(const Counts& other) {
  loaded += other.loaded;
  rejected += other.rejected;
  skipped += other.skipped;
  repaired += other.repaired;
}

Counts Cursor::counts() const {
  Counts all;
  for (const Part& part : parts) all.add(part.counts);
  return all;
}

std::uint64_t Cursor::records_done() const {
  return sum(parts, [](const Part& part) { return part.at.records - part.start.records; });
}

std::uint64_t Cursor::bytes_done() const {
  return sum(parts, [](const Part& part) { return part.at.offset - part.start.offset; });
}

std::uint64_t Cursor::last_row() const {
  std::uint64_t last = 0;
  for (const Part& part : parts) last = std::max(last, part.at.rows);
  return last;
}

bool Cursor::all_done() const {
  return std::all_of(parts.begin(), parts.end(), [](const Part& part) { return part.done; });
}

Json to_json(const Cursor& cursor) {
  Json parts = Json::array();
  for (const Part& part : cursor.parts) parts.push(to_json(part));
  return Json::object({{"phase", name_of(cursor.phase)},
                       {"detected_with", cursor.detected_with},
                       {"parts", std::move(parts)}});
}

Cursor cursor_from(const Json& json) {
  Cursor cursor;
  const auto known = std::find_if(kPhases.begin(), kPhases.end(),
                                  [&](Phase phase) { return json.at("phase").string() == name_of(phase); });
  if (known == kPhases.end()) throw Error(Kind::internal, "import.cursor", json.text());
  cursor.phase = *known;
  cursor.detected_with = json.at("detected_with").string();
  for (const Json& part : json.at("parts").items()) cursor.parts.push_back(part_from(part));
  return cursor;
}

}  // namespace sluice::imports
