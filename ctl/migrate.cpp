// SPDX-License-Identifier: MIT
#include <cstdio>
#include <filesystem>

#include "core/db/connection.hpp"
#include "core/db/migrations.hpp"
#include "ctl/commands.hpp"

namespace sluice::ctl {

std::string default_migrations() {
  std::error_code problem;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
  constexpr int kAboveProgram = 4;  // sluicectl, ctl, <preset>, build
  auto root = self;
  for (int i = 0; i < kAboveProgram; ++i) root = root.parent_path();
  return (root / "sql" / "migrations").string();
}

int migrate(const Config& config, const std::string& folder, bool plan_only) {
  auto options = db::options_for(config, config.db_migrate);
  options.read_timeout = std::chrono::seconds{0};  // a table may take long to alter
  db::Connection connection(options);
  const auto names = db::migrate(connection, db::read_migrations(folder), plan_only);
  for (const std::string& name : names)
    std::printf("%s %s\n", plan_only ? "would apply" : "applied", name.c_str());
  if (names.empty()) std::printf("the schema is up to date\n");
  return 0;
}

}  // namespace sluice::ctl
