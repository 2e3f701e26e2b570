// SPDX-License-Identifier: MIT
// What the users of sql/grants.sql may not do: history cannot be rewritten, and nobody has more than its
// statements need.
#include <boost/test/unit_test.hpp>
#include <string>

#include "core/db/connection.hpp"
#include "tests/integration/fixture.hpp"

using namespace sluice;

namespace {

constexpr const char* kRefusedToBoth[] = {
    "UPDATE job_events SET actor = 'nobody'",
    "UPDATE rejects SET message = ''",
    "DELETE FROM schema_migrations",
    "UPDATE schema_migrations SET number = 0",
    "UPDATE idempotency_keys SET status = 200",
    "DELETE FROM uploads",
    "DELETE FROM users",
    "INSERT INTO users(id, name, created_at) VALUES(99, 'x', UTC_TIMESTAMP(6))",
    "UPDATE teams SET name = 'x'",
    "CREATE TABLE stray(id INT)",
    "DROP TABLE job_events",
    "ALTER TABLE jobs ADD COLUMN stray INT",
    "CREATE TRIGGER stray BEFORE INSERT ON jobs FOR EACH ROW SET NEW.priority = 0",
    "SELECT 1 INTO OUTFILE '/tmp/sluice-stray'",
    "SELECT LOAD_FILE('/etc/passwd') FROM mysql.global_priv",
    "SET GLOBAL max_connections = 1",
    "CREATE USER stray",
};
constexpr const char* kRefusedToWeb[] = {
    "DELETE FROM job_events",
    "DELETE FROM jobs",
    "UPDATE counters SET value = 0",
    "INSERT INTO teams(uid, owner_id, name, name_key, created_at) VALUES('x', 1, 'x', 'x', UTC_TIMESTAMP(6))",
    "DELETE FROM memberships",
    "UPDATE members SET name = 'x'",
    "DELETE FROM datasets",
    "DELETE FROM rejects",
    "CREATE TABLE sluice_data.stray(id INT)",
};

/// Empty when it is refused for want of a right, else what happened.
std::string not_refused(const DatabaseUser& user, const char* sql) {
  db::Connection connection(db::options_for(test::config(), user));
  try {
    connection.run(sql);
  } catch (const db::DatabaseError& error) {
    // 1044 database, 1142 table, 1045 FILE, 1227 SUPER and the like
    for (const unsigned denied : {1044u, 1045u, 1142u, 1227u})
      if (error.number() == denied) return "";
    return error.detail();
  }
  return "it was done";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rights)

BOOST_AUTO_TEST_CASE(history_is_append_only_and_nobody_may_do_more_than_needed) {
  const test::Database with_schema;
  for (const char* sql : kRefusedToBoth) {
    BOOST_TEST(not_refused(test::config().db_web, sql) == "", sql);
    BOOST_TEST(not_refused(test::config().db_runner, sql) == "", sql);
  }
}

BOOST_AUTO_TEST_CASE(pools_remove_and_define_nothing) {
  const test::Database with_schema;
  for (const char* sql : kRefusedToWeb) BOOST_TEST(not_refused(test::config().db_web, sql) == "", sql);
}

BOOST_AUTO_TEST_SUITE_END()
