// SPDX-License-Identifier: MIT
// One table of settings; each row knows how to read its text into the Config.
#include "core/base/config.hpp"

#include <unistd.h>

#include <charconv>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <sstream>

#include "core/base/error.hpp"
#include "core/base/log.hpp"

#ifndef SLUICE_VERSION
#define SLUICE_VERSION "0.1.0"
#endif

namespace sluice {
namespace {

using Setter = std::function<void(Config&, const std::string&)>;

struct Setting {
  std::string_view name;
  std::string_view unit;
  std::string_view default_text;
  bool secret;
  std::string_view meaning;
  Setter set;
};

[[noreturn]] void refuse(std::string_view what) {
  throw Error(Kind::invalid, "config.invalid", std::string(what));
}

std::uint64_t parse_count(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || text.empty())
    refuse("takes a whole number");
  return value;
}

template <typename T>
Setter count(T Config::*member, T least, T most) {
  return [=](Config& config, const std::string& text) {
    const std::uint64_t value = parse_count(text);
    if (value < least || value > most)
      refuse("takes a number from " + std::to_string(least) + " to " + std::to_string(most));
    config.*member = static_cast<T>(value);
  };
}

Setter text(std::string Config::*member) {
  return [=](Config& config, const std::string& value) { config.*member = value; };
}
Setter user(DatabaseUser Config::*member) {
  return [=](Config& config, const std::string& value) { (config.*member).user = value; };
}
Setter password(DatabaseUser Config::*member) {
  return [=](Config& config, const std::string& value) { (config.*member).password = value; };
}
Setter duration(std::chrono::seconds Config::*member) {
  return [=](Config& config, const std::string& value) { config.*member = parse_duration(value); };
}
Setter bytes(std::uint64_t Config::*member) {
  return [=](Config& config, const std::string& value) { config.*member = parse_bytes(value); };
}
Setter words(std::vector<std::string> Config::*member) {
  return [=](Config& config, const std::string& value) {
    std::stringstream stream(value);
    std::vector<std::string> out;
    for (std::string word; std::getline(stream, word, ',');) {
      const auto first = word.find_first_not_of(' ');
      if (first == std::string::npos) continue;
      out.push_back(word.substr(first, word.find_last_not_of(' ') - first + 1));
    }
    config.*member = std::move(out);
  };
}
Setter one_of(std::string Config::*member, std::vector<std::string> allowed) {
  return [=](Config& config, const std::string& value) {
    std::string list;
    for (const std::string& word : allowed) {
      if (word == value) {
        config.*member = value;
        return;
      }
      list += (list.empty() ? "" : ", ") + word;
    }
    refuse("takes one of: " + list);
  };
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> table = {
      {"DB_SOCKET", "path", "", false, "MariaDB's unix socket", text(&Config::db_socket)},
      {"DB_HOST", "", "", false, "MariaDB's host, when there is no socket", text(&Config::db_host)},
      {"DB_PORT", "", "3306", false, "MariaDB's port", count<std::uint16_t>(&Config::db_port, 1, 65535)},
      {"DB_NAME", "", "sluice", false, "database; the rows of datasets lie in NAME_data",
       text(&Config::db_name)},
      {"DB_MIGRATE_USER", "", "", false, "user of sluicectl migrate", user(&Config::db_migrate)},
      {"DB_MIGRATE_PASSWORD", "", "", true, "its password", password(&Config::db_migrate)},
      {"DB_RUNNER_USER", "", "", false, "user of the runners", user(&Config::db_runner)},
      {"DB_RUNNER_PASSWORD", "", "", true, "its password", password(&Config::db_runner)},
      {"DB_WEB_USER", "", "", false, "user of the FastCGI pools", user(&Config::db_web)},
      {"DB_WEB_PASSWORD", "", "", true, "its password", password(&Config::db_web)},
      {"REDIS_URL", "", "", false, "redis://host:port or unix:///path", text(&Config::redis_url)},
      {"REDIS_USER", "", "", false, "user of Redis' ACL", user(&Config::redis)},
      {"REDIS_PASSWORD", "", "", true, "its password", password(&Config::redis)},
      {"DATA_DIR", "path", "/var/lib/sluice", false, "uploads and exports", text(&Config::data_dir)},
      {"RUN_DIR", "path", "/run/sluice", false, "sockets and lock files", text(&Config::run_dir)},
      {"WEB_THREADS", "threads", "4", false, "threads of one process of pool web",
       count<std::uint32_t>(&Config::web_threads, 1, 64)},
      {"STREAM_THREADS", "threads", "128", false, "threads of one process of pool stream",
       count<std::uint32_t>(&Config::stream_threads, 1, 1024)},
      {"STREAM_CONNECTIONS", "connections", "8", false, "MariaDB connections of one process of pool stream",
       count<std::uint32_t>(&Config::stream_connections, 1, 64)},
      {"STATEMENT_TIMEOUT", "duration", "8s", false, "how long a statement of a pool may take, 1s to 50s",
       [](Config& config, const std::string& value) {
         config.statement_timeout = parse_duration(value);
         if (config.statement_timeout.count() < 1 || config.statement_timeout.count() > 50)
           refuse("takes 1s to 50s: nginx waits a minute for an answer");
       }},
      {"RUNNER_PROCS", "processes", "4", false, "runner processes",
       count<std::uint32_t>(&Config::runner_procs, 1, 64)},
      {"MAX_JOBS", "jobs", "20", false, "jobs at once over all runners",
       count<std::uint32_t>(&Config::max_jobs, 1, 1000)},
      {"OWNER_JOBS", "jobs", "5", false, "running jobs of one owner while others wait",
       count<std::uint32_t>(&Config::owner_jobs, 1, 1000)},
      {"IMPORT_JOBS", "jobs", "0", false, "imports at once; 0 = no limit of their own",
       count<std::uint32_t>(&Config::import_jobs, 0, 1000)},
      {"EXPORT_JOBS", "jobs", "0", false, "the same of exports",
       count<std::uint32_t>(&Config::export_jobs, 0, 1000)},
      {"TEAM_JOBS", "jobs", "0", false, "the same of team imports",
       count<std::uint32_t>(&Config::team_jobs, 0, 1000)},
      {"JOB_MEMORY", "bytes", "256m", false, "what the jobs of one runner may hold; 0 = no limit",
       bytes(&Config::job_memory)},
      {"WEB_MEMORY", "bytes", "256m", false, "a process of pool web above it is restarted; 0 = no limit",
       bytes(&Config::web_memory)},
      {"STREAM_MEMORY", "bytes", "256m", false, "the same of pool stream", bytes(&Config::stream_memory)},
      {"RUNNER_MEMORY", "bytes", "1g", false, "the same of the runners", bytes(&Config::runner_memory)},
      {"MAX_UPLOAD_BYTES", "bytes", "0", false, "largest upload; 0 = no limit",
       bytes(&Config::max_upload_bytes)},
      {"MAX_OPEN_UPLOADS", "uploads", "1000", false, "unfinished uploads of one owner",
       count<std::uint32_t>(&Config::max_open_uploads, 1, 1000000)},
      {"MAX_OPEN_BYTES", "bytes", "0", false,
       "bytes of one owner's unfinished uploads together; 0 = no limit", bytes(&Config::max_open_bytes)},
      {"MAX_PIECES", "pieces", "10000", false, "pieces of one upload",
       count<std::uint32_t>(&Config::max_pieces, 1, 1000000)},
      {"UPLOAD_TTL", "duration", "7d", false, "how long an unfinished upload is kept",
       duration(&Config::upload_ttl)},
      {"EXPORT_TTL", "duration", "7d", false, "how long an export's file is kept",
       duration(&Config::export_ttl)},
      {"HISTORY_TTL", "duration", "90d", false, "how long finished jobs are kept",
       duration(&Config::history_ttl)},
      {"MIN_FREE_DISK", "bytes", "0", false, "reserve of the disk; 0 = the greater of 5 % and 2 GiB",
       bytes(&Config::min_free_disk)},
      {"SYNC", "", "completion", false, "when uploaded bytes are made durable: completion or piece",
       [](Config& config, const std::string& value) {
         if (value != "completion" && value != "piece") refuse("takes one of: completion, piece");
         config.sync_each_piece = value == "piece";
       }},
      {"ALLOWED_HOSTS", "", "", false, "Host names answered besides the loopback ones",
       words(&Config::allowed_hosts)},
      {"CORS_ORIGINS", "", "", false, "origins whose pages may use the API", words(&Config::cors_origins)},
      {"AUTH", "", "off", false, "who may do what: off (only on a loopback address)",
       one_of(&Config::auth, {"off"})},
      {"PUBLISH", "", "127.0.0.1:8081", false, "the address that can be reached from outside",
       text(&Config::publish)},
      {"LOG_LEVEL", "", "info", false, "debug, info, warning or error",
       one_of(&Config::log_level, {"debug", "info", "warning", "error"})},
  };
  return table;
}

/// Read by the shell scripts, supervisord, nginx or the runners only; known, so that nobody is warned about
/// them.
constexpr std::string_view kOthers[] = {"PORT",
                                        "LISTEN",
                                        "WEB_PROCS",
                                        "STREAM_PROCS",
                                        "STREAM_PER_ADDRESS",
                                        "RUNNER_SLOTS",
                                        "BASE_URL",
                                        "WEBHOOK_URL",
                                        "USER",
                                        "CLONE",
                                        "APP_DIR",
                                        "STATE_DIR",
                                        "LOG_DIR",
                                        "LOCAL_SERVERS",
                                        "DB_BUFFER_POOL",
                                        "DB_LOG_SIZE",
                                        "DB_CONNECTIONS",
                                        "DB_TEMPLATE",
                                        "DB_ACCOUNT_HOST",
                                        "SUPERVISOR_FILES",
                                        "AUTOSTART",
                                        "BUILD_JOBS"};

std::string read_secret(const std::string& path) {
  std::ifstream file(path);
  if (!file) refuse("names a file that cannot be read");
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

std::chrono::seconds parse_duration(std::string_view text) {
  std::uint64_t unit = 1;
  if (!text.empty()) {
    switch (text.back()) {
      case 's':
        unit = 1, text.remove_suffix(1);
        break;
      case 'm':
        unit = 60, text.remove_suffix(1);
        break;
      case 'h':
        unit = 3600, text.remove_suffix(1);
        break;
      case 'd':
        unit = 86400, text.remove_suffix(1);
        break;
      default:
        break;
    }
  }
  const std::uint64_t amount = parse_count(text);
  if (amount > 100ULL * 365 * 86400 / unit) refuse("takes a duration up to 100 years");
  return std::chrono::seconds{amount * unit};
}

std::uint64_t parse_bytes(std::string_view text) {
  unsigned shift = 0;
  if (!text.empty()) {
    switch (text.back()) {
      case 'k':
        shift = 10, text.remove_suffix(1);
        break;
      case 'm':
        shift = 20, text.remove_suffix(1);
        break;
      case 'g':
        shift = 30, text.remove_suffix(1);
        break;
      case 't':
        shift = 40, text.remove_suffix(1);
        break;
      default:
        break;
    }
  }
  const std::uint64_t amount = parse_count(text);
  if (amount > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) >> shift)
    refuse("takes a number of bytes below 2^63");
  return amount << shift;
}

LoadedConfig load_config(const char* const* environment) {
  std::map<std::string, std::string, std::less<>> given;
  constexpr std::string_view kPrefix = "SLUICE_";
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const auto equals = entry.find('=');
    if (!entry.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    given.emplace(entry.substr(kPrefix.size(), equals - kPrefix.size()), entry.substr(equals + 1));
  }
  for (const std::string_view name : kOthers) given.erase(std::string(name));

  LoadedConfig loaded;
  loaded.config.version = SLUICE_VERSION;
  for (const Setting& setting : settings()) {
    std::string source = "default";
    std::string value(setting.default_text);
    const std::string file_name = std::string(setting.name) + "_FILE";
    try {
      if (const auto at = given.find(setting.name); at != given.end()) {
        value = at->second, source = "environment";
        given.erase(at);
      } else if (const auto file = given.find(file_name); setting.secret && file != given.end()) {
        value = read_secret(file->second), source = "file";
        given.erase(file);
      }
      setting.set(loaded.config, value);
    } catch (const Error& error) {
      throw Error(Kind::invalid, "config.invalid",
                  "SLUICE_" + std::string(setting.name) + " " + error.detail());
    }
    loaded.settings.push_back({"SLUICE_" + std::string(setting.name), setting.secret ? "(secret)" : value,
                               source, std::string(setting.unit), std::string(setting.meaning)});
  }
  for (const auto& [name, value] : given) loaded.unknown.push_back("SLUICE_" + name);
  return loaded;
}

Config load_config_for(std::string_view service) {
  set_log_service(std::string(service));
  LoadedConfig loaded = load_config(environ);
  const std::string& level = loaded.config.log_level;
  set_log_level(level == "debug"     ? LogLevel::debug
                : level == "warning" ? LogLevel::warning
                : level == "error"   ? LogLevel::error
                                     : LogLevel::info);
  for (const std::string& name : loaded.unknown) log_warning("unknown setting", {{"name", name}});
  return std::move(loaded.config);
}

}  // namespace sluice
