// SPDX-License-Identifier: MIT
#include "tests/integration/fixture.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

#include "core/base/error.hpp"
#include "core/base/uid.hpp"
#include "core/db/migrations.hpp"

namespace sluice::test {

const Config& config() {
  static const Config config = load_config(environ).config;
  return config;
}

db::ConnectionOptions Database::options() {
  return db::options_for(config(), config().db_migrate);
}

Database::Database() : connection(options()) {
  static const bool migrated = [this] {
    db::migrate(connection, db::read_migrations("sql/migrations"));
    return true;
  }();
  (void)migrated;
  const std::string name = "test-" + Uid::random().hex();
  actor.owner_id =
      connection.execute("INSERT INTO users(name, created_at) VALUES(?, UTC_TIMESTAMP(6))", {name}).insert_id;
  actor.name = name;
}

TemporaryFolder::TemporaryFolder() : path_("/tmp/sluice-test-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) throw Error(Kind::internal, "test.folder", path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace sluice::test
