// SPDX-License-Identifier: MIT
// The settings as lines of /metrics, for whoever wants to see what a process runs with.
#pragma once
#include <span>
#include <string>

#include "core/base/config.hpp"

namespace sluice::fcgi::operation {

/// `sluice_setting_info{name="MAX_JOBS",value="20",source="default"} 1` for each. Anybody may read /metrics:
/// only numbers, durations, sizes and a few words show their value, of all others it is "set" or "".
std::string setting_info(std::span<const EffectiveSetting> settings);
/// Of this process, as it was started.
const std::string& setting_info();

}  // namespace sluice::fcgi::operation
