// SPDX-License-Identifier: MIT
#include "core/db/migrations.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/digest.hpp"
#include "core/base/log.hpp"

namespace sluice::db {
namespace {

constexpr const char* kCreateLedger =
    "CREATE TABLE IF NOT EXISTS schema_migrations(number INT UNSIGNED PRIMARY KEY, name VARCHAR(200) NOT "
    "NULL, "
    "sha256 CHAR(64) NOT NULL, applied_at DATETIME(6) NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";
constexpr const char* kLedger = "SELECT number, sha256 FROM schema_migrations ORDER BY number";
constexpr const char* kRecord =
    "INSERT INTO schema_migrations(number, name, sha256, applied_at) VALUES(?, ?, ?, UTC_TIMESTAMP(6))";
constexpr const char* kLock = "SELECT GET_LOCK('sluice.migrate', 60)";
constexpr const char* kUnlock = "SELECT RELEASE_LOCK('sluice.migrate')";
constexpr std::size_t kDigitsOfNumber = 4;

/// Held by the session: a killed program lets go of it.
class MigrationLock {
 public:
  explicit MigrationLock(Connection& connection) : connection_(connection) {
    const auto row = connection_.select_one(kLock);
    if (!row || row->is_null(0) || row->i64(0) != 1)
      throw Error(Kind::unavailable, "migration.locked", "another migration is running");
  }
  ~MigrationLock() {
    try {
      connection_.select_one(kUnlock);
    } catch (const Error& error) {
      log_warning("the migration lock ends with its session", {{"detail", error.what()}});
    }
  }

 private:
  Connection& connection_;
};

}  // namespace

std::vector<Migration> read_migrations(const std::string& folder) {
  std::vector<Migration> found;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    Migration migration;
    migration.name = entry.path().filename().string();
    if (!migration.name.ends_with(".sql") || migration.name.size() < kDigitsOfNumber) continue;
    const char* start = migration.name.data();
    const auto [end, bad] = std::from_chars(start, start + kDigitsOfNumber, migration.number);
    if (bad != std::errc{} || end != start + kDigitsOfNumber)
      throw Error(Kind::invalid, "migration.folder", migration.name + " does not start with four digits");
    std::ifstream file(entry.path(), std::ios::binary);
    migration.sql.assign(std::istreambuf_iterator<char>(file), {});
    migration.sha256 = to_hex(sha256(migration.sql));
    found.push_back(std::move(migration));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].number != i + 1)
      throw Error(Kind::invalid, "migration.folder",
                  "number " + std::to_string(i + 1) + " is missing or doubled");
  }
  if (found.empty()) throw Error(Kind::invalid, "migration.folder", "no migrations in " + folder);
  return found;
}

std::vector<std::string> split_statements(std::string_view sql) {
  std::vector<std::string> statements;
  std::string current;
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (quote != 0) {
      current += c;
      if (c == quote) quote = 0;  // a doubled quote opens again at once
      continue;
    }
    if (c == '-' && sql.substr(i, 3) == "-- ") {
      while (i < sql.size() && sql[i] != '\n') ++i;
      current += '\n';
      continue;
    }
    if (c == '\'' || c == '"' || c == '`') quote = c;
    if (c != ';') {
      current += c;
      continue;
    }
    statements.push_back(std::move(current));
    current.clear();
  }
  statements.push_back(std::move(current));
  std::erase_if(statements,
                [](const std::string& s) { return s.find_first_not_of(" \t\r\n") == std::string::npos; });
  return statements;
}

std::uint32_t schema_version(Connection& connection) {
  const auto exists = connection.select_one(
      "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema=DATABASE() AND "
      "table_name='schema_migrations'");
  if (!exists || exists->u64(0) == 0) return 0;
  const auto row = connection.select_one("SELECT COALESCE(MAX(number), 0) FROM schema_migrations");
  return static_cast<std::uint32_t>(row->u64(0));
}

std::vector<std::string> migrate(Connection& connection, const std::vector<Migration>& migrations,
                                 bool plan_only) {
  const MigrationLock lock(connection);
  connection.run(kCreateLedger);
  const Rows applied = connection.select(kLedger);
  for (const Row& row : applied) {
    const std::uint64_t number = row.u64(0);
    if (number > migrations.size())
      throw Error(Kind::conflict, "migration.newer",
                  "the database has migration " + std::to_string(number) + ", this program does not");
    if (migrations[number - 1].sha256 != row.text(1))
      throw Error(Kind::conflict, "migration.changed",
                  migrations[number - 1].name + " differs from what was applied");
  }
  std::vector<std::string> names;
  for (std::size_t i = applied.size(); i < migrations.size(); ++i) {
    const Migration& migration = migrations[i];
    names.push_back(migration.name);
    if (plan_only) continue;
    for (const std::string& statement : split_statements(migration.sql)) connection.run(statement);
    connection.execute(kRecord, {migration.number, migration.name, migration.sha256});
    log_info("migration applied", {{"name", migration.name}});
  }
  return names;
}

}  // namespace sluice::db
