// SPDX-License-Identifier: MIT
#include "fcgi-app/operation/setting_info.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace sluice::fcgi::operation {
namespace {

constexpr std::string_view kPrefix = "SLUICE_";
constexpr std::string_view kSecret = "(secret)";
/// Settings without a unit that take one of a few words.
constexpr std::string_view kWords[] = {"SYNC", "AUTH", "LOG_LEVEL"};

/// What is shown has been read as a number or as one of a few words, so nothing in it needs an escape.
bool is_shown(std::string_view name, const EffectiveSetting& setting) {
  if (setting.value == kSecret) return false;
  if (!setting.unit.empty()) return setting.unit != "path";
  return std::find(std::begin(kWords), std::end(kWords), name) != std::end(kWords);
}

std::string_view shown_value(std::string_view name, const EffectiveSetting& setting) {
  if (is_shown(name, setting)) return setting.value;
  // a secret that nobody gave is listed as "(secret)" too
  const bool empty = setting.value.empty() || (setting.value == kSecret && setting.source == "default");
  return empty ? "" : "set";
}

}  // namespace

std::string setting_info(std::span<const EffectiveSetting> settings) {
  std::string text =
      "# HELP sluice_setting_info The settings; those that could tell an address or a secret say only that "
      "they are set.\n"
      "# TYPE sluice_setting_info gauge\n";
  for (const EffectiveSetting& setting : settings) {
    const std::string_view name = std::string_view(setting.name).substr(kPrefix.size());
    text += fmt::format("sluice_setting_info{{name=\"{}\",value=\"{}\",source=\"{}\"}} 1\n", name,
                        shown_value(name, setting), setting.source);
  }
  return text;
}

const std::string& setting_info() {
  static const std::string text = setting_info(load_config(environ).settings);
  return text;
}

}  // namespace sluice::fcgi::operation
