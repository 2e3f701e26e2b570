// SPDX-License-Identifier: MIT
// Table `runners`: one row per slot of a runner process, new at each start. What a finder needs to know about
// a holder: where it lived, and whether its end was its own fault.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/uid.hpp"
#include "core/db/connection.hpp"

namespace sluice::db {

struct RunnerIdentity {
  std::string name;  ///< runner_00
  std::string host;
  int slot = 0;  ///< of the host; its lock file is RUN_DIR/slot-<slot>.lock
  int pid = 0;
  Uid boot_id;             ///< of the kernel
  std::string generation;  ///< of supervisord
};

std::uint64_t register_runner(Connection& connection, const RunnerIdentity& identity);
/// Shows that it lives (for people: leases decide); also notes since when the server has been up.
void beat_runners(Connection& connection, const std::vector<std::uint64_t>& ids, bool draining);
void end_runners(Connection& connection, const std::vector<std::uint64_t>& ids);

struct RunnerRow {
  std::uint64_t id = 0;
  RunnerIdentity identity;
  bool same_server =
      false;  ///< MariaDB has not been restarted since it was last seen: its connection id still means it
};
std::optional<RunnerRow> find_runner(Connection& connection, std::uint64_t id);

/// Ends a session of our own user, if it still exists: its transaction rolls back and lets go of its locks.
void kill_connection(Connection& connection, std::uint64_t connection_id);
/// Ends the statement that the session is in, if any; the session stays.
void kill_statement(Connection& connection, std::uint64_t connection_id);

/// The connection's socket, valid until it reconnects; who wants to cut it from another thread duplicates it.
int socket_of(Connection& connection);

/// The runner that takes only jobs which crashed another one twice.
inline constexpr std::string_view kQuarantine = "quarantine";

/// For /readyz and /metrics: the slots of processes that have not ended. Of a process that was killed and the
/// one that was started in its place only the latter counts.
struct RunnerHealth {
  std::string name;
  std::string host;
  int slots = 0;
  bool draining = false;
  double seen_seconds_ago = 0;
  bool is_silent() const { return seen_seconds_ago >= 30; }
  /// It starts what people ask for, as far as one knows.
  bool takes_jobs() const { return !is_silent() && !draining && name != kQuarantine; }
};
std::vector<RunnerHealth> runner_health(Connection& connection);

}  // namespace sluice::db
