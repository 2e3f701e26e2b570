// SPDX-License-Identifier: MIT
// The commands of sluicectl. Each returns the exit code and prints for people; errors are thrown.
#pragma once
#include <string>

#include "core/base/config.hpp"

namespace sluice::ctl {

/// Brings the schema up to date; with `plan_only` prints what would be applied.
int migrate(const Config& config, const std::string& folder, bool plan_only);
/// Every setting, its value, and where that came from.
int print_config(const LoadedConfig& loaded);
/// 0 when GET /livez (or /readyz) on this host's port answers 200.
int health(const std::string& port, bool ready);
/// Rings for all queued jobs: what was in Redis is made again.
int requeue(const Config& config);
/// Restarts the processes of the pools and the runners one after another, so that no request fails.
int rolling_restart(const Config& config, const std::string& supervisor_socket);
/// Compares files, rows and jobs with each other; 1 when something does not fit. `hash` reads every file.
int verify(const Config& config, bool hash);

/// What a backup's manifest says; another form gets another number.
constexpr int kBackupFormat = 1;
/// A copy of everything in `folder`, which is new or empty, while work goes on. Error conflict
/// `backup.not_empty`.
int backup(const Config& config, const std::string& folder);
/// Puts a backup into an empty system, and verifies it. Errors: invalid `restore.no_backup`,
/// `restore.damaged`; conflict `restore.not_empty`.
int restore(const Config& config, const std::string& folder, const std::string& supervisor_socket,
            const std::string& migrations);

/// supervisord's event listener: minds programs that were given up and memory limits, until stdin ends.
int watch(const Config& config, const std::string& supervisor_socket);

struct UploadCheck {
  std::string url;        ///< what clients use; it may be a proxy's
  std::string origin;     ///< of a page on another host that is to upload, or ""
  int patience_s = 10;    ///< how long bytes may take to arrive
  bool insecure = false;  ///< certificates are not checked
};
/// Whether uploads resume through an address: 0 yes, 1 something on the way spoils them, 2 no tus server
/// answers.
int check_upload(const UploadCheck& wanted);

/// The folder of migrations beside this program: <root>/sql/migrations for
/// <root>/build/<preset>/ctl/sluicectl.
std::string default_migrations();

}  // namespace sluice::ctl
