// SPDX-License-Identifier: MIT
// mariadb-dump and mariadb with the settings' address and the migration user's password, which stands in
// memory that only this process and the tool can open: never in a file, a command line or an environment.
#pragma once
#include <string>
#include <vector>

#include "core/base/config.hpp"
#include "core/base/unique_fd.hpp"

namespace sluice::ctl {

class ClientTool {
 public:
  explicit ClientTool(const Config& config);

  /// mariadb-dump in one snapshot, `words` being options and names; what it writes goes into `file`. False:
  /// it ended with an error, which it has told on stderr.
  bool dump(const std::vector<std::string>& words, const std::string& file) const;
  /// The statements of `file`, run in `database`. Throws Error internal `ctl.restore` when one of them fails.
  void run(const std::string& file, const std::string& database) const;

 private:
  UniqueFd options_;  ///< a memfd
};

}  // namespace sluice::ctl
