// SPDX-License-Identifier: MIT
// Each column keeps its cells in one array of the type that the library wants: numbers by value, texts as
// pointers and lengths, dates as pointers to MYSQL_TIME (a flat array of those crashes Connector/C 3.3). A
// NULL is an indicator.
//
// The library's non-blocking calls give control back as soon as an array has been sent: while the server
// works on it the caller fills the next one. The arrays are copied into the packet, so they may change as
// soon as it has left.
#include "core/db/bulk_insert.hpp"

#include <poll.h>

#include <cerrno>

#include "core/base/error.hpp"
#include "core/base/releaser.hpp"
#include "core/db/bulk_column.hpp"
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

[[noreturn]] void defect(const std::string& what) {
  throw Error(Kind::internal, "db.bulk", what);
}

}  // namespace

class BulkInsert::Impl {
 public:
  Impl(Connection& connection, std::string_view table, const std::vector<Column>& columns)
      : connection_(connection) {
    connection_.settle();
    if (mysql_optionsv(connection.handle(), MYSQL_OPT_NONBLOCK, static_cast<const void*>(nullptr)) != 0)
      connection_.raise(CR_OUT_OF_MEMORY, "MYSQL_OPT_NONBLOCK");
    statement_.reset(mysql_stmt_init(connection.handle()));
    if (!statement_) connection_.raise(CR_OUT_OF_MEMORY, "mysql_stmt_init");
    const std::string sql = insert_sql(table, columns);
    if (mysql_stmt_prepare(statement_.get(), sql.data(), sql.size()) != 0) raise();
    for (const Column& column : columns) {
      if (column.always) continue;
      buffers_.emplace_back().native = column.native;
      buffers_.back().reserve(kRowsPerArray);
    }
  }

  // Nothing may be closed on the connection while an answer is awaited.
  ~Impl() { connection_.settle_for_later(); }

  BulkColumn& next(Native native) {
    if (cell_ == buffers_.size() || buffers_[cell_].native != native)
      defect("a cell of another type than its column's");
    BulkColumn& buffer = buffers_[cell_++];
    buffer.indicators[count_] = STMT_INDICATOR_NONE;
    return buffer;
  }

  void null() {
    if (cell_ == buffers_.size()) defect("more cells than columns");
    BulkColumn& buffer = buffers_[cell_++];
    buffer.indicators[count_] = STMT_INDICATOR_NULL;
    if (buffer.native == Native::text) {
      buffer.offsets[count_] = arena_.size();
      buffer.lengths[count_] = 0;
    }
  }

  void integer(std::int64_t value) { next(Native::integer).integers[count_] = value; }
  void real(double value) { next(Native::real).reals[count_] = value; }

  void text(std::string_view text) {
    BulkColumn& buffer = next(Native::text);
    buffer.offsets[count_] = arena_.size();
    buffer.lengths[count_] = text.size();
    arena_.append(text);
  }

  void time(Native native, const csv::Date* date, const csv::TimeOfDay* time) {
    MYSQL_TIME& out = next(native).times[count_];
    out = MYSQL_TIME{};
    if (date != nullptr) {
      out.year = static_cast<unsigned>(date->year);
      out.month = date->month;
      out.day = date->day;
      out.time_type = MYSQL_TIMESTAMP_DATE;
    }
    if (time != nullptr) {
      out.hour = time->hour;
      out.minute = time->minute;
      out.second = time->second;
      out.second_part = time->microsecond;
      out.time_type = date != nullptr ? MYSQL_TIMESTAMP_DATETIME : MYSQL_TIMESTAMP_TIME;
    }
  }

  void end_row() {
    if (cell_ != buffers_.size()) defect("fewer cells than columns");
    cell_ = 0;
    ++count_;
    if (count_ == kRowsPerArray || arena_.size() >= kBytesPerArray) send();
  }

  void flush() {
    if (cell_ != 0) defect("a row that was not ended");
    send();
    connection_.settle();
  }

 private:
  void send() {
    if (count_ == 0) return;
    connection_.settle();  // of the array before
    bind();
    unsigned count = static_cast<unsigned>(count_);
    mysql_stmt_attr_set(statement_.get(), STMT_ATTR_ARRAY_SIZE, &count);
    if (mysql_stmt_bind_param(statement_.get(), binds_.data()) != 0) raise();
    int problem = 0;
    int waits_for = mysql_stmt_execute_start(&problem, statement_.get());
    while ((waits_for & MYSQL_WAIT_WRITE) != 0)
      waits_for = mysql_stmt_execute_cont(&problem, statement_.get(), wait(waits_for));
    const std::uint64_t sent = count_;
    forget();
    if (waits_for == 0) return check(problem, sent);
    connection_.await([this, waits_for, sent] { take_answer(waits_for, sent); });
  }

  void take_answer(int waits_for, std::uint64_t sent) {
    int problem = 0;
    while (waits_for != 0) waits_for = mysql_stmt_execute_cont(&problem, statement_.get(), wait(waits_for));
    check(problem, sent);
  }

  /// What the library waits for has come, or its deadline has passed.
  int wait(int waits_for) {
    pollfd socket{static_cast<int>(mysql_get_socket(connection_.handle())), 0, 0};
    if ((waits_for & MYSQL_WAIT_READ) != 0) socket.events |= POLLIN;
    if ((waits_for & MYSQL_WAIT_WRITE) != 0) socket.events |= POLLOUT;
    if ((waits_for & MYSQL_WAIT_EXCEPT) != 0) socket.events |= POLLPRI;
    const bool ends = (waits_for & MYSQL_WAIT_TIMEOUT) != 0;
    const int most_ms = ends ? static_cast<int>(mysql_get_timeout_value_ms(connection_.handle())) : -1;
    int ready = 0;
    do ready = ::poll(&socket, 1, most_ms);
    while (ready < 0 && errno == EINTR);
    if (ready == 0) return MYSQL_WAIT_TIMEOUT;
    // A socket that was shut down or reset is for the library to find out: it reads or writes, and fails.
    return waits_for & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE | MYSQL_WAIT_EXCEPT);
  }

  void check(int problem, std::uint64_t sent) {
    if (problem != 0) raise();
    if (const unsigned warnings = mysql_warning_count(connection_.handle()); warnings != 0)
      defect(std::to_string(warnings) + " warnings: " + first_warning());
    if (const auto inserted = mysql_stmt_affected_rows(statement_.get()); inserted != sent)
      defect(std::to_string(inserted) + " of " + std::to_string(sent) + " rows inserted");
  }

  void bind() {
    binds_.assign(buffers_.size(), MYSQL_BIND{});
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
      BulkColumn& buffer = buffers_[i];
      if (buffer.native == Native::text) {
        for (std::size_t row = 0; row < count_; ++row)
          buffer.texts[row] = arena_.data() + buffer.offsets[row];
        binds_[i].length = buffer.lengths.data();
      }
      binds_[i].buffer_type = buffer.type();
      binds_[i].buffer = buffer.data();
      binds_[i].u.indicator = buffer.indicators.data();
    }
  }

  void forget() {
    count_ = 0;
    arena_.clear();
    if (arena_.capacity() > 2 * kBytesPerArray)
      arena_.shrink_to_fit();  // one huge record must not stay for ever
  }

  std::string first_warning() {
    const Rows rows = connection_.select("SHOW WARNINGS LIMIT 1");
    return rows.empty() ? "?" : rows.front().text(1) + " " + rows.front().text(2);
  }

  /// A refused value, a doubled key: what we sent was wrong. All else (server gone, deadlock) is what it is.
  [[noreturn]] void raise() {
    const unsigned number = mysql_stmt_errno(statement_.get());
    const std::string message = mysql_stmt_error(statement_.get());
    try {
      connection_.raise(number, message.c_str());
    } catch (const DatabaseError& error) {
      if (error.kind() == Kind::unavailable || error.kind() == Kind::no_space) throw;
    }
    defect(std::to_string(number) + " " + message);
  }

  Connection& connection_;
  std::unique_ptr<MYSQL_STMT, Releaser<mysql_stmt_close>> statement_;
  std::vector<BulkColumn> buffers_;
  std::vector<MYSQL_BIND> binds_;
  std::string arena_;
  std::size_t cell_ = 0;   ///< of the row under way
  std::size_t count_ = 0;  ///< rows in the array
};

BulkInsert::BulkInsert(Connection& connection, std::string_view table, const std::vector<Column>& columns)
    : impl_(std::make_unique<Impl>(connection, table, columns)) {}
BulkInsert::~BulkInsert() = default;

void BulkInsert::add_null() {
  impl_->null();
}
void BulkInsert::add(std::int64_t value) {
  impl_->integer(value);
}
void BulkInsert::add(double value) {
  impl_->real(value);
}
void BulkInsert::add(std::string_view text) {
  impl_->text(text);
}
void BulkInsert::add(const csv::Date& date) {
  impl_->time(Native::date, &date, nullptr);
}
void BulkInsert::add(const csv::DateTime& datetime) {
  impl_->time(Native::datetime, &datetime.date, &datetime.time);
}
void BulkInsert::add(const csv::TimeOfDay& time) {
  impl_->time(Native::time, nullptr, &time);
}
void BulkInsert::end_row() {
  impl_->end_row();
}
void BulkInsert::flush() {
  impl_->flush();
}

}  // namespace sluice::db
