// SPDX-License-Identifier: MIT
// What tests of core and jobs share: the private database that `run` started, with the whole schema, and an
// owner of the test's own, so that tests do not see each other's rows.
#pragma once
#include <string>

#include "core/base/actor.hpp"
#include "core/base/config.hpp"
#include "core/db/connection.hpp"

namespace sluice::test {

/// The settings of the environment; read once.
const Config& config();

struct Database {
  Database();
  db::Connection connection;  ///< as the user of migrations, who may do all
  Actor actor;                ///< a new owner

  /// Another connection like it.
  static db::ConnectionOptions options();
  /// The first column of the first row.
  std::string text(std::string_view sql) { return connection.select(sql).at(0).text(0); }
  std::uint64_t number(std::string_view sql) { return connection.select(sql).at(0).u64(0); }
};

/// A folder of its own under /tmp, removed in the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace sluice::test
