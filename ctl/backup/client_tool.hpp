// SPDX-License-Identifier: MIT
// mariadb-dump and mariadb with the settings' address and the migration user's password, which stands in a
// file of mode 0600 below RUN_DIR as long as this lives: never in a command line or an environment.
#pragma once
#include <string>
#include <vector>

#include "core/base/config.hpp"

namespace sluice::ctl {

class ClientTool {
 public:
  explicit ClientTool(const Config& config);
  ~ClientTool();
  ClientTool(const ClientTool&) = delete;
  ClientTool& operator=(const ClientTool&) = delete;

  /// mariadb-dump in one snapshot, `words` being options and names; what it writes goes into `file`. False:
  /// it ended with an error, which it has told on stderr.
  bool dump(const std::vector<std::string>& words, const std::string& file) const;
  /// The statements of `file`, run in `database`. Throws Error internal `ctl.restore` when one of them fails.
  void run(const std::string& file, const std::string& database) const;

 private:
  std::string options_;
};

}  // namespace sluice::ctl
