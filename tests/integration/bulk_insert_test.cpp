// SPDX-License-Identifier: MIT
#include "core/db/bulk_insert.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>

#include "core/base/error.hpp"
#include "core/db/transaction.hpp"
#include "tests/integration/fixture.hpp"

using namespace sluice;
using db::BulkInsert;
using Native = db::BulkInsert::Native;

namespace {

struct Table : test::Database {
  std::string name = db::quote_identifier(test::config().data_database()) + "." +
                     db::quote_identifier("bulk_" + Uid::random().hex());
  Table() {
    connection.run(
        "CREATE TABLE " + name +
        "(id BIGINT PRIMARY KEY, n INT, d DECIMAL(20,5), r DOUBLE, t VARCHAR(10), day DATE, at DATETIME(6), "
        "clock TIME(3)) DEFAULT CHARSET=utf8mb4");
  }
  ~Table() { connection.run("DROP TABLE " + name); }
  std::vector<BulkInsert::Column> columns() const {
    return {{"id", Native::integer},  {"n", Native::integer}, {"d", Native::text},
            {"r", Native::real},      {"t", Native::text},    {"day", Native::date},
            {"at", Native::datetime}, {"clock", Native::time}};
  }
  static void add_row(BulkInsert& bulk, std::int64_t id) {
    bulk.add(id);
    if (id % 3 == 0)
      bulk.add_null();
    else
      bulk.add(id * 2);
    bulk.add(std::to_string(id) + ".12345");
    bulk.add(static_cast<double>(id) / 7);
    if (id % 5 == 0)
      bulk.add_null();
    else
      bulk.add("t" + std::to_string(id));
    bulk.add(csv::Date{2017, 3, 1});
    bulk.add(csv::DateTime{{2017, 3, 1}, {12, 30, 1, 250000}});
    if (id % 2 == 0)
      bulk.add_null();
    else
      bulk.add(csv::TimeOfDay{23, 59, 58, 125000});
    bulk.end_row();
  }
  /// One packet, so that it is sent.
  static void add_packet(BulkInsert& bulk, std::int64_t first) {
    const auto end = first + static_cast<std::int64_t>(BulkInsert::kRowsPerPacket);
    for (std::int64_t id = first; id < end; ++id) add_row(bulk, id);
  }
  /// A packet on its way that the server refuses: its first key is there already.
  void add_refused(BulkInsert& bulk) {
    connection.run("INSERT INTO " + name + "(id) VALUES(1)");
    add_packet(bulk, 1);
  }
  std::string row(std::int64_t id) {
    return connection
        .select_one("SELECT CONCAT_WS('|', n, d, r, t, day, at, clock) FROM " + name + " WHERE id = ?", {id})
        ->text(0);
  }
};

bool is_defect(const Error& error) {
  return error.code() == "db.bulk";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(bulk_insert, Table)

BOOST_AUTO_TEST_CASE(stores_every_row_of_several_packets_and_a_rest) {
  BulkInsert bulk(connection, name, columns());
  for (std::int64_t id = 1; id <= 2345; ++id) add_row(bulk, id);
  bulk.flush();
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name) == 2345u);
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name + " WHERE n IS NULL") == 781u);
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name + " WHERE r = id / 7e0") == 2345u);
  BOOST_TEST(row(1) == "2|1.12345|0.14285714285714285|t1|2017-03-01|2017-03-01 12:30:01.250000|23:59:58.125");
  BOOST_TEST(row(2310) == "2310.12345|330|2017-03-01|2017-03-01 12:30:01.250000");
}

BOOST_AUTO_TEST_CASE(what_is_always_the_same_is_no_cell) {
  const std::uint64_t greatest = INT32_MAX;
  BulkInsert bulk(connection, name, {{"n", Native::integer, greatest}, {"id", Native::integer}});
  for (std::int64_t id = 1; id <= 1500; ++id) {
    bulk.add(id);
    bulk.end_row();
  }
  bulk.flush();
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name + " WHERE n = " + std::to_string(greatest)) == 1500u);
  BOOST_TEST(number("SELECT COUNT(DISTINCT id) FROM " + name) == 1500u);
}

BOOST_AUTO_TEST_CASE(sends_before_the_packet_grows_too_large) {
  connection.run("ALTER TABLE " + name + " ADD COLUMN big LONGTEXT");
  BulkInsert bulk(connection, name, {{"id", Native::integer}, {"big", Native::text}});
  const std::string big(3u << 20, 'x');
  for (std::int64_t id = 1; id <= 20; ++id) {
    bulk.add(id);
    bulk.add(big);
    bulk.end_row();
  }
  bulk.flush();
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name + " WHERE LENGTH(big) = 3 << 20") == 20u);
}

BOOST_AUTO_TEST_CASE(a_value_that_the_server_refuses_is_a_defect_and_nothing_stays) {
  for (const std::string_view bad : {"too long for ten", "99999999999999999999"}) {
    BulkInsert bulk(connection, name, {{"id", Native::integer}, {bad[0] == 't' ? "t" : "d", Native::text}});
    db::Transaction transaction(connection);
    for (std::int64_t id = 1; id <= 10; ++id) {
      bulk.add(id);
      bulk.add(id == 7 ? bad : "1");
      bulk.end_row();
    }
    BOOST_CHECK_EXCEPTION(bulk.flush(), Error, is_defect);
  }
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name) == 0u);
}

BOOST_AUTO_TEST_CASE(a_warning_is_a_defect_too) {
  BulkInsert bulk(connection, name, {{"id", Native::integer}, {"d", Native::text}});
  db::Transaction transaction(connection);
  bulk.add(std::int64_t{1});
  bulk.add("1.123456");  // DECIMAL(20,5) would round it
  bulk.end_row();
  BOOST_CHECK_EXCEPTION(bulk.flush(), Error, is_defect);
}

BOOST_AUTO_TEST_CASE(a_doubled_key_is_a_defect) {
  BulkInsert bulk(connection, name, {{"id", Native::integer}});
  db::Transaction transaction(connection);
  for (int i = 0; i < 2; ++i) {
    bulk.add(std::int64_t{1});
    bulk.end_row();
  }
  BOOST_CHECK_EXCEPTION(bulk.flush(), Error, is_defect);
}

BOOST_AUTO_TEST_CASE(other_statements_wait_for_a_packet_that_is_on_its_way) {
  db::Transaction transaction(connection);
  BulkInsert bulk(connection, name, columns());
  const std::uint64_t sent = BulkInsert::kRowsPerPacket;
  add_packet(bulk, 0);
  add_row(bulk, -1);
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name) == sent);
  bulk.flush();
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name) == sent + 1);
  transaction.commit();
}

BOOST_AUTO_TEST_CASE(two_share_a_connection) {
  db::Transaction transaction(connection);
  BulkInsert bulk(connection, name, columns());
  {
    BulkInsert another(connection, name, columns());
    for (std::int64_t id = 0; id < 2500; ++id) {
      add_row(bulk, id);
      add_row(another, 10'000 + id);
    }
    another.flush();
  }
  bulk.flush();
  transaction.commit();
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name) == 5000u);
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name + " WHERE r = id / 7e0 AND d = id + 0.12345") == 5000u);
}

BOOST_AUTO_TEST_CASE(one_that_dies_on_the_way_leaves_a_connection_that_works) {
  {
    db::Transaction transaction(connection);
    BulkInsert bulk(connection, name, columns());
    add_packet(bulk, 0);
  }
  BOOST_TEST(!connection.is_broken());
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name) == 0u);
}

BOOST_AUTO_TEST_CASE(what_the_server_refuses_is_told_by_the_next_statement_and_a_rollback_works) {
  {
    db::Transaction transaction(connection);
    BulkInsert bulk(connection, name, columns());
    add_refused(bulk);
    BOOST_CHECK_EXCEPTION(connection.run("DO 0"), Error, is_defect);
  }
  BOOST_TEST(!connection.is_broken());
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name) == 0u);
}

BOOST_AUTO_TEST_CASE(what_the_server_refuses_is_told_also_when_the_insert_is_gone) {
  db::Transaction transaction(connection);
  add_refused(*std::make_unique<BulkInsert>(connection, name, columns()));
  BOOST_CHECK_EXCEPTION(transaction.commit(), Error, is_defect);
  BOOST_TEST(!connection.is_broken());
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name) == 0u);
}

BOOST_AUTO_TEST_CASE(a_session_that_is_killed_on_the_way_is_noticed) {
  db::Transaction transaction(connection);
  BulkInsert bulk(connection, name, columns());
  add_packet(bulk, 0);
  db::Connection other(options());
  other.run("KILL " + std::to_string(connection.id()));
  BOOST_CHECK_THROW(for (std::int64_t first = 10'000; first < 30'000; first += 1000) add_packet(bulk, first),
                    db::DatabaseError);
  transaction.rollback();
  BOOST_TEST(connection.is_broken());
  connection.reconnect();
  BOOST_TEST(number("SELECT COUNT(*) FROM " + name) == 0u);
}

BOOST_AUTO_TEST_CASE(cells_must_fit_the_columns) {
  BulkInsert bulk(connection, name, {{"id", Native::integer}, {"t", Native::text}});
  BOOST_CHECK_THROW(bulk.add("text"), Error);
  bulk.add(std::int64_t{1});
  BOOST_CHECK_THROW(bulk.end_row(), Error);
}

BOOST_AUTO_TEST_SUITE_END()
