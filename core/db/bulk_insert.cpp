// SPDX-License-Identifier: MIT
// The client library prepares the statement, sends the packet and reads the answer; what is in the packet is
// written here (BulkPacket), for the library would copy each cell twice more and look at its type each time.
// The library's function that sends a command is a member of its public header, and is used so by its
// plugins.
#include "core/db/bulk_insert.hpp"

#include "core/base/error.hpp"
#include "core/base/releaser.hpp"
#include "core/db/bulk_packet.hpp"
#include "core/db/mariadb.hpp"

namespace sluice::db {
namespace {

std::string insert_sql(std::string_view table, const std::vector<BulkInsert::Column>& columns) {
  std::string sql = "INSERT INTO " + std::string(table) + "(";
  std::string marks;
  for (const auto& column : columns) {
    if (!marks.empty()) {
      sql += ", ";
      marks += ", ";
    }
    sql += quote_identifier(column.name);
    marks += column.always ? std::to_string(*column.always) : "?";
  }
  return sql + ") VALUES(" + marks + ")";
}

std::vector<BulkInsert::Native> cells_of(const std::vector<BulkInsert::Column>& columns) {
  std::vector<BulkInsert::Native> cells;
  for (const auto& column : columns)
    if (!column.always) cells.push_back(column.native);
  return cells;
}

[[noreturn]] void defect(const std::string& what) {
  throw Error(Kind::internal, "db.bulk", what);
}

}  // namespace

class BulkInsert::Impl {
 public:
  Impl(Connection& connection, std::string_view table, const std::vector<Column>& columns)
      : connection_(connection),
        cells_(cells_of(columns)),
        statement_(prepare(insert_sql(table, columns))),
        packet_(static_cast<std::uint32_t>(statement_->stmt_id), cells_) {}

  // Nothing may be closed on the connection while an answer is awaited.
  ~Impl() { connection_.settle_for_later(); }

  void null() {
    if (cell_ == cells_.size()) defect("more cells than columns");
    ++cell_;
    packet_.add_null();
  }

  template <typename T>
  void cell(Native native, const T& value) {
    if (cell_ == cells_.size() || cells_[cell_] != native) defect("a cell of another type than its column's");
    ++cell_;
    packet_.add(value);
  }

  void end_row() {
    if (cell_ != cells_.size()) defect("fewer cells than columns");
    cell_ = 0;
    packet_.end_row();
    if (packet_.rows() == kRowsPerPacket || packet_.bytes().size() >= kBytesPerPacket) send();
  }

  void flush() {
    if (cell_ != 0) defect("a row that was not ended");
    send();
    connection_.settle();
  }

 private:
  using Handle = std::unique_ptr<MYSQL_STMT, Releaser<mysql_stmt_close>>;

  Handle prepare(const std::string& sql) {
    connection_.settle();
    Handle statement(mysql_stmt_init(connection_.handle()));
    if (!statement) connection_.raise(CR_OUT_OF_MEMORY, "mysql_stmt_init");
    if (mysql_stmt_prepare(statement.get(), sql.data(), sql.size()) != 0)
      raise(mysql_stmt_errno(statement.get()), mysql_stmt_error(statement.get()));
    unsigned long extended = 0;  // capabilities above the 32 bits that all servers have
    mariadb_get_infov(connection_.handle(), MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES, &extended);
    if ((extended & (MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32)) == 0)
      defect("a server without the bulk protocol");
    return statement;
  }

  void send() {
    if (packet_.rows() == 0) return;
    connection_.settle();  // of the packet before
    MYSQL* mysql = connection_.handle();
    if (statement_->mysql != mysql) raise(CR_SERVER_LOST, "the session that knew the statement is gone");
    const std::string_view bytes = packet_.bytes();
    constexpr my_bool kAnswerLater = 1;
    if (mysql->methods->db_command(mysql, COM_STMT_BULK_EXECUTE, bytes.data(), bytes.size(), kAnswerLater,
                                   statement_.get()) != 0)
      raise(mysql_errno(mysql), mysql_error(mysql));
    connection_.await([this, sent = packet_.rows()] { take_answer(sent); });
    packet_.clear();
  }

  void take_answer(std::uint64_t sent) {
    MYSQL* mysql = connection_.handle();
    if (mysql_read_query_result(mysql) != 0) raise(mysql_errno(mysql), mysql_error(mysql));
    const std::uint64_t inserted = mysql_affected_rows(mysql);
    if (const unsigned warnings = mysql_warning_count(mysql); warnings != 0)
      defect(std::to_string(warnings) + " warnings: " + first_warning());
    if (inserted != sent) defect(std::to_string(inserted) + " of " + std::to_string(sent) + " rows inserted");
  }

  std::string first_warning() {
    const Rows rows = connection_.select("SHOW WARNINGS LIMIT 1");
    return rows.empty() ? "?" : rows.front().text(1) + " " + rows.front().text(2);
  }

  /// A refused value, a doubled key: what we sent was wrong. All else (server gone, deadlock) is what it is.
  [[noreturn]] void raise(unsigned number, const char* text) {
    const std::string message = text;
    try {
      connection_.raise(number, message.c_str());
    } catch (const DatabaseError& error) {
      if (error.kind() == Kind::unavailable || error.kind() == Kind::no_space) throw;
    }
    defect(std::to_string(number) + " " + message);
  }

  Connection& connection_;
  std::vector<Native> cells_;
  Handle statement_;
  BulkPacket packet_;
  std::size_t cell_ = 0;  ///< of the row under way
};

BulkInsert::BulkInsert(Connection& connection, std::string_view table, const std::vector<Column>& columns)
    : impl_(std::make_unique<Impl>(connection, table, columns)) {}
BulkInsert::~BulkInsert() = default;

void BulkInsert::add_null() {
  impl_->null();
}
void BulkInsert::add(std::int64_t value) {
  impl_->cell(Native::integer, value);
}
void BulkInsert::add(double value) {
  impl_->cell(Native::real, value);
}
void BulkInsert::add(std::string_view text) {
  if (text.size() > kMaxRowBytes) defect("a text that no packet takes");
  impl_->cell(Native::text, text);
}
void BulkInsert::add(const csv::Date& date) {
  impl_->cell(Native::date, date);
}
void BulkInsert::add(const csv::DateTime& datetime) {
  impl_->cell(Native::datetime, datetime);
}
void BulkInsert::add(const csv::TimeOfDay& time) {
  impl_->cell(Native::time, time);
}
void BulkInsert::end_row() {
  impl_->end_row();
}
void BulkInsert::flush() {
  impl_->flush();
}

}  // namespace sluice::db
