// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "ctl/commands.hpp"

namespace sluice::ctl {

int print_config(const LoadedConfig& loaded) {
  for (const EffectiveSetting& setting : loaded.settings) {
    const std::string unit = setting.unit.empty() ? "" : " [" + setting.unit + "]";
    fmt::print("{:<32} {:<32} {:<12} {}{}\n", setting.name, setting.value.empty() ? "-" : setting.value,
               setting.source, setting.meaning, unit);
  }
  for (const std::string& name : loaded.unknown) fmt::print(stderr, "unknown: {}\n", name);
  return 0;
}

}  // namespace sluice::ctl
