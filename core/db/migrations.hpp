// SPDX-License-Identifier: MIT
// Migrations: numbered SQL files, forward only, applied under a lock and recorded with their checksum.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/db/connection.hpp"

namespace sluice::db {

struct Migration {
  std::uint32_t number = 0;  ///< 1 for 0001_initial.sql
  std::string name;          ///< the file's name
  std::string sql;
  std::string sha256;  ///< hex
};

/// The files NNNN_what.sql of a folder in order. Throws Error invalid `migration.folder` when numbers are
/// missing or doubled, or nothing is there.
std::vector<Migration> read_migrations(const std::string& folder);

/// Statements of one file: split at `;` outside of quotes and comments, without the blank ones.
std::vector<std::string> split_statements(std::string_view sql);

/// Applies what is not applied yet, under GET_LOCK, each file's statements one by one (DDL commits by itself,
/// so every file is safe to run twice), and records it. Returns the names applied (with `plan_only`, those
/// that would be). Throws Error conflict: `migration.changed` (a file differs from what was applied),
/// `migration.newer` (the database is ahead of this program).
std::vector<std::string> migrate(Connection& connection, const std::vector<Migration>& migrations,
                                 bool plan_only = false);

/// The highest number applied; 0 on an empty database.
std::uint32_t schema_version(Connection& connection);

}  // namespace sluice::db
