// SPDX-License-Identifier: MIT
// Config: every setting of Sluice with its name, unit and default. Read once in main, immutable afterwards.
// A setting NAME is the environment variable SLUICE_NAME; a secret may also come from the file that
// SLUICE_NAME_FILE names. Order: environment, else the default. Unknown SLUICE_* are warned about.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// One of the three database users (security.md, section 4).
struct DatabaseUser {
  std::string user;
  std::string password;  ///< secret
};

struct Config {
  // MariaDB: a socket, or host and port.
  std::string db_socket;                       ///< DB_SOCKET, path
  std::string db_host;                         ///< DB_HOST
  std::uint16_t db_port = 3306;                ///< DB_PORT
  std::string db_name = "sluice";              ///< DB_NAME; tables ds_<id> lie in <db_name>_data
  DatabaseUser db_migrate, db_runner, db_web;  ///< DB_MIGRATE_USER/_PASSWORD, DB_RUNNER_…, DB_WEB_…
  std::string redis_url;                       ///< REDIS_URL: redis://host:port or unix:///path
  DatabaseUser redis;                          ///< REDIS_USER, REDIS_PASSWORD; empty user: no AUTH

  std::string data_dir = "/var/lib/sluice";  ///< DATA_DIR
  std::string run_dir = "/run/sluice";       ///< RUN_DIR: sockets and lock files

  std::uint32_t web_threads = 4;              ///< WEB_THREADS, a process
  std::uint32_t stream_threads = 128;         ///< STREAM_THREADS, a process
  std::uint32_t stream_connections = 8;       ///< STREAM_CONNECTIONS to MariaDB, a process
  std::chrono::seconds statement_timeout{8};  ///< STATEMENT_TIMEOUT of one statement of a pool
  std::uint32_t runner_procs = 4;             ///< RUNNER_PROCS
  std::uint32_t max_jobs = 20;                ///< MAX_JOBS over all runner processes
  std::uint32_t owner_jobs = 5;               ///< OWNER_JOBS running for one owner while others wait
  std::uint32_t import_jobs = 0;  ///< IMPORT_JOBS at once over all runners, 0 = no limit of their own
  std::uint32_t export_jobs = 0;  ///< EXPORT_JOBS
  std::uint32_t team_jobs = 0;    ///< TEAM_JOBS

  // Bytes, 0 = no limit.
  std::uint64_t job_memory = 256u << 20;     ///< JOB_MEMORY that the jobs of one runner process may hold
  std::uint64_t web_memory = 256u << 20;     ///< WEB_MEMORY of a process before `watch` restarts it
  std::uint64_t stream_memory = 256u << 20;  ///< STREAM_MEMORY
  std::uint64_t runner_memory = 1u << 30;    ///< RUNNER_MEMORY

  std::uint64_t max_upload_bytes = 0;            ///< MAX_UPLOAD_BYTES, 0 = no limit
  std::uint32_t max_open_uploads = 1000;         ///< MAX_OPEN_UPLOADS unfinished ones of an owner
  std::uint64_t max_open_bytes = 0;              ///< MAX_OPEN_BYTES of them together, 0 = no limit
  std::uint32_t max_pieces = 10000;              ///< MAX_PIECES of one upload
  std::chrono::seconds upload_ttl{7 * 86400};    ///< UPLOAD_TTL (7d, 12h, 30m, 45s)
  std::chrono::seconds export_ttl{7 * 86400};    ///< EXPORT_TTL
  std::chrono::seconds history_ttl{90 * 86400};  ///< HISTORY_TTL
  std::uint64_t min_free_disk = 0;               ///< MIN_FREE_DISK bytes; 0 = the greater of 5 % and 2 GiB
  bool sync_each_piece = false;                  ///< SYNC: completion (default) or piece

  std::vector<std::string> allowed_hosts;  ///< ALLOWED_HOSTS, comma-separated; loopback names always count
  std::vector<std::string> cors_origins;   ///< CORS_ORIGINS, comma-separated
  std::string auth = "off";                ///< AUTH: off
  std::string publish = "127.0.0.1:8081";  ///< PUBLISH: the address that is reachable from outside
  std::string log_level = "info";          ///< LOG_LEVEL: debug info warning error
  std::string version;                     ///< set by the build

  std::string data_database() const { return db_name + "_data"; }
  std::string incoming_dir() const { return data_dir + "/uploads/incoming"; }  ///< nginx's body files
  std::string pieces_dir() const { return data_dir + "/uploads/pieces"; }
  std::string files_dir() const { return data_dir + "/uploads/files"; }  ///< assembled uploads
  std::string exports_dir() const { return data_dir + "/exports"; }
  std::string parts_dir() const { return data_dir + "/exports/.part"; }
};

/// How one setting stands, for `sluicectl config`.
struct EffectiveSetting {
  std::string name;    ///< SLUICE_…
  std::string value;   ///< "(secret)" for secrets
  std::string source;  ///< "environment", "file", "default"
  std::string unit;
  std::string meaning;
};

struct LoadedConfig {
  Config config;
  std::vector<EffectiveSetting> settings;
  std::vector<std::string> unknown;  ///< SLUICE_* variables nobody knows
};

/// Reads the process's environment (`environment` is environ-like, NULL-terminated). Throws Error invalid,
/// `config.invalid`, naming the variable and what it takes; main ends with exit code 78 then.
LoadedConfig load_config(const char* const* environment);

/// load_config(environ), level set, unknown names warned about: what every main calls.
Config load_config_for(std::string_view service);

/// "90", "45s", "30m", "12h", "7d"; bytes "64", "64k", "16m", "2g" (powers of 1024). Exposed for tests.
std::chrono::seconds parse_duration(std::string_view text);
std::uint64_t parse_bytes(std::string_view text);

}  // namespace sluice
