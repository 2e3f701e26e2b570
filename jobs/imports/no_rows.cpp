// SPDX-License-Identifier: MIT
#include "jobs/imports/no_rows.hpp"

#include <string>

#include "core/base/error.hpp"
#include "core/db/reject_table.hpp"

namespace sluice::imports {

void require_rows(db::Connection& connection, std::uint64_t import_id, std::uint64_t loaded,
                  std::uint64_t rejected) {
  if (loaded > 0 || rejected == 0) return;
  std::string why;
  for (const auto& reject : db::list_rejects(connection, import_id, 0, 1))
    why = " (line " + std::to_string(reject.first_line) + ": " + reject.message + ")";
  throw Error(Kind::invalid, "import.too_many_rejects", std::to_string(rejected) + " rejects and no row",
              (rejected == 1 ? "The only record" : "None of the " + std::to_string(rejected) + " records") +
                  (rejected == 1 ? " cannot be loaded" : " can be loaded") + why +
                  ". Nothing was loaded. Mend the file, or load it with other options.");
}

}  // namespace sluice::imports
