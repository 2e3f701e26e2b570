// SPDX-License-Identifier: MIT
// Actor: on whose behalf something is done. Every query of an owned table takes one.
#pragma once
#include <cstdint>
#include <string>

namespace sluice {

struct Actor {
  std::uint64_t owner_id = 0;  ///< users.id
  std::string name;            ///< for the history of jobs: "local", "runner", "sluicectl"
  bool admin = false;
};

}  // namespace sluice
