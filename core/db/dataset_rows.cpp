// SPDX-License-Identifier: MIT
// The block index turns the request into spans of row numbers; a page is a stretch of one span, read by its
// primary key and streamed (mysql_use_result). Cells that are written otherwise than their rule says are
// fetched before the page and put in while it runs by.
#include "core/db/dataset_rows.hpp"

#include <algorithm>
#include <cstdio>

#include "core/base/error.hpp"
#include "core/base/releaser.hpp"
#include "core/csv/layout.hpp"
#include "core/db/block_table.hpp"
#include "core/db/cell_renderer.hpp"
#include "core/db/cell_text_table.hpp"
#include "core/db/dataset_storage.hpp"
#include "core/db/mariadb.hpp"

namespace sluice::db {
namespace {

/// Pages of wide rows are shorter: whoever stops in the middle of one must wait for the rest of it.
constexpr std::uint64_t kBytesPerPage = 8u << 20;
constexpr std::int64_t kMicrosecondsOfDay = 86'400'000'000;

/// Row numbers [next, last] of one import, still to be read.
struct Span {
  std::uint64_t import_id;
  std::uint64_t next;
  std::uint64_t last;
  std::uint64_t rows_per_page;
};

std::string date_literal(const csv::Date& date, const char* time = "") {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", date.year, static_cast<unsigned>(date.month),
                static_cast<unsigned>(date.day));
  return "'" + std::string(text) + time + "'";
}

bool may_hold(const ImportBlock& block, const DateRange& range) {
  for (const auto& found : block.ranges) {
    if (found.column != range.column) continue;
    if (range.from && found.greatest < csv::to_microseconds(*range.from)) return false;
    return !range.to || found.least < csv::to_microseconds(*range.to) + kMicrosecondsOfDay;
  }
  return false;  // no value of this column in the block
}

std::uint64_t rows_per_page(const std::vector<ImportBlock>& blocks) {
  if (blocks.size() < 2) return DatasetRows::kRowsPerPage;
  const std::uint64_t bytes = blocks.back().start.offset - blocks.front().start.offset;
  const std::uint64_t rows = std::max<std::uint64_t>(1, blocks.back().first_row - blocks.front().first_row);
  return std::clamp<std::uint64_t>(kBytesPerPage / std::max<std::uint64_t>(1, bytes / rows), 1,
                                   DatasetRows::kRowsPerPage);
}

/// One column asked for.
struct Wanted {
  std::uint32_t index;  ///< into Dataset::columns
  CellRenderer renderer;
};

}  // namespace

class DatasetRows::Impl {
 public:
  Impl(Connection& connection, RowsRequest request, const RowKey& after)
      : connection_(connection), request_(std::move(request)), position_(after) {
    const auto& columns = request_.dataset.columns;
    if (request_.columns.empty())
      for (std::uint32_t i = 0; i < columns.size(); ++i) request_.columns.push_back(i);
    for (const std::uint32_t index : request_.columns) {
      if (index >= columns.size())
        throw Error(Kind::internal, "dataset.column", "no column " + std::to_string(index));
      wanted_.push_back({index, CellRenderer(columns[index].type, request_.values)});
    }
    if (request_.range && !columns.at(request_.range->column).is_date())
      throw Error(Kind::internal, "dataset.column", "a range of a column without dates");
    if (request_.filter && !request_.range)
      if (const auto days = request_.filter->days())
        request_.range = DateRange{request_.filter->column(), days->first, days->second};
    by_hand_ = request_.filter && packed() && !columns.at(request_.filter->column()).is_date();
    add_spans();
    skip_to(after);
    make_sql();
  }

  bool next_page(const RowSink& sink, std::uint64_t limit) {
    if (at_ == spans_.size()) return false;
    Span& span = spans_[at_];
    const std::uint64_t rows = std::max<std::uint64_t>(1, std::min(limit, span.rows_per_page));
    const std::uint64_t last = std::min(span.last, span.next + rows - 1);
    if (packed())
      read_packed(span.import_id, span.next, last, sink);
    else
      read_columns(span.import_id, span.next, last, sink);
    pass(span, last);
    return true;
  }

  void skip(std::uint64_t rows) {
    while (rows > 0 && at_ < spans_.size()) {
      Span& span = spans_[at_];
      const std::uint64_t skipped = std::min(rows, span.last - span.next + 1);
      pass(span, span.next + skipped - 1);
      rows -= skipped;
    }
  }

  std::uint64_t page_rows() const { return at_ < spans_.size() ? spans_[at_].rows_per_page : 0; }

  RowKey position() const { return position_; }
  std::uint64_t rows_left() const { return rows_left_; }
  std::uint64_t rows_in_all() const { return rows_in_all_; }

 private:
  bool packed() const { return request_.dataset.layout == csv::Layout::packed; }

  void add_spans() {
    for (const std::uint64_t import_id : request_.import_ids) {
      const auto blocks = read_blocks(connection_, import_id);
      const std::uint64_t page = rows_per_page(blocks);
      for (const ImportBlock& block : blocks) {
        if (block.row_count == 0 || (request_.range && !may_hold(block, *request_.range))) continue;
        const std::uint64_t last = block.first_row + block.row_count - 1;
        rows_in_all_ += block.row_count;
        if (!spans_.empty() && spans_.back().import_id == import_id &&
            spans_.back().last + 1 == block.first_row)
          spans_.back().last = last;
        else
          spans_.push_back({import_id, block.first_row, last, page});
      }
    }
    rows_left_ = rows_in_all_;
  }

  /// Leaves out what lies before `after`, in the order of the request.
  void skip_to(const RowKey& after) {
    if (after == RowKey{}) return;
    const auto rank = [&](std::uint64_t import_id) {
      return std::find(request_.import_ids.begin(), request_.import_ids.end(), import_id) -
             request_.import_ids.begin();
    };
    for (; at_ < spans_.size(); ++at_) {
      Span& span = spans_[at_];
      const bool same = span.import_id == after.import_id;
      if (!same && rank(span.import_id) > rank(after.import_id)) return;
      if (same && after.row_no < span.last) {
        const std::uint64_t next = std::max(span.next, after.row_no + 1);
        rows_left_ -= next - span.next;
        span.next = next;
        return;
      }
      rows_left_ -= span.last - span.next + 1;
    }
  }

  /// The rows of the span up to `last` are done.
  void pass(Span& span, std::uint64_t last) {
    rows_left_ -= last - span.next + 1;
    position_ = {span.import_id, last};
    span.next = last + 1;
    if (span.next > span.last) ++at_;
  }

  void make_sql() {
    if (packed())
      head_ = "record";
    else
      for (const Wanted& wanted : wanted_)
        head_ += (head_.empty() ? "" : ", ") + column_identifier(wanted.index);
    head_ += " FROM " + rows_table(request_.data_database, request_.dataset.id) + " WHERE import_id = ";
    if (request_.range) {
      const std::string column = column_identifier(request_.range->column);
      if (request_.range->from) tail_ += " AND " + column + " >= " + date_literal(*request_.range->from);
      const bool has_time = request_.dataset.columns[request_.range->column].type.type == csv::Type::datetime;
      if (request_.range->to)
        tail_ +=
            " AND " + column + " <= " + date_literal(*request_.range->to, has_time ? " 23:59:59.999999" : "");
      if (!request_.range->from && !request_.range->to) tail_ += " AND " + column + " IS NOT NULL";
    }
    if (request_.filter && !by_hand_)
      tail_ += " AND " + request_.filter->sql(column_identifier(request_.filter->column()));
    tail_ += " ORDER BY row_no";
  }

  /// Calls `row` with the number of each row of the page (0 when not `numbered`: the server then sends one
  /// value less a row), its values and their lengths. An exception frees the result, which reads what is left
  /// of it.
  template <typename OnRow>
  void stream(std::uint64_t import_id, std::uint64_t first, std::uint64_t last, bool numbered, OnRow row) {
    connection_.settle();
    MYSQL* mysql = connection_.handle();
    const std::string sql = (numbered ? "SELECT row_no, " : "SELECT ") + head_ + std::to_string(import_id) +
                            " AND row_no BETWEEN " + std::to_string(first) + " AND " + std::to_string(last) +
                            tail_;
    if (mysql_real_query(mysql, sql.data(), sql.size()) != 0)
      connection_.raise(mysql_errno(mysql), mysql_error(mysql));
    const std::unique_ptr<MYSQL_RES, Releaser<mysql_free_result>> result(mysql_use_result(mysql));
    if (!result) connection_.raise(mysql_errno(mysql), mysql_error(mysql));
    const std::size_t skipped = numbered ? 1 : 0;
    while (MYSQL_ROW values = mysql_fetch_row(result.get()))
      row(numbered ? row_no_of(values[0]) : 0, values + skipped, mysql_fetch_lengths(result.get()) + skipped);
    if (mysql_errno(mysql) != 0) connection_.raise(mysql_errno(mysql), mysql_error(mysql));
  }

  static std::uint64_t row_no_of(const char* text) { return std::strtoull(text, nullptr, 10); }

  void read_columns(std::uint64_t import_id, std::uint64_t first, std::uint64_t last, const RowSink& sink) {
    std::vector<CellText> otherwise;
    if (request_.values == Values::as_uploaded)
      otherwise = read_cell_texts(connection_, import_id, first, last);
    std::size_t next_otherwise = 0;
    std::vector<RowCell> cells(wanted_.size());
    std::vector<std::size_t> rendered;  // cells whose text lies in buffer_, in order
    std::vector<std::size_t> starts;
    const bool numbered = request_.row_numbers || !otherwise.empty();
    stream(import_id, first, last, numbered,
           [&](std::uint64_t row_no, MYSQL_ROW values, const unsigned long* lengths) {
             buffer_.clear();
             rendered.clear();
             starts.clear();
             for (std::size_t i = 0; i < wanted_.size(); ++i) {
               const char* value = values[i];
               if (wanted_[i].renderer.passes_through()) {
                 cells[i] = {value == nullptr ? std::string_view() : std::string_view(value, lengths[i]),
                             value == nullptr};
                 continue;
               }
               starts.push_back(buffer_.size());
               rendered.push_back(i);
               cells[i].null = !wanted_[i].renderer.render(value, lengths[i], buffer_);
             }
             for (std::size_t k = 0; k < rendered.size(); ++k) {
               const std::size_t end = k + 1 < rendered.size() ? starts[k + 1] : buffer_.size();
               cells[rendered[k]].text = std::string_view(buffer_).substr(starts[k], end - starts[k]);
             }
             while (next_otherwise < otherwise.size() && otherwise[next_otherwise].row_no < row_no)
               ++next_otherwise;
             for (; next_otherwise < otherwise.size() && otherwise[next_otherwise].row_no == row_no;
                  ++next_otherwise)
               put(otherwise[next_otherwise], cells);
             sink({import_id, row_no}, cells);
           });
  }

  void put(const CellText& cell, std::vector<RowCell>& cells) const {
    for (std::size_t i = 0; i < wanted_.size(); ++i)
      if (wanted_[i].index == cell.column)
        cells[i] = {cell.text ? std::string_view(*cell.text) : std::string_view(), !cell.text.has_value()};
  }

  void read_packed(std::uint64_t import_id, std::uint64_t first, std::uint64_t last, const RowSink& sink) {
    std::vector<RowCell> cells(wanted_.size());
    std::vector<std::size_t> starts(wanted_.size() + 1);
    stream(import_id, first, last, request_.row_numbers,
           [&](std::uint64_t row_no, MYSQL_ROW values, const unsigned long* lengths) {
             const auto fields = csv::unpack_record({values[0], lengths[0]}, storage_);
             if (by_hand_) {
               const std::uint32_t column = request_.filter->column();
               const auto& type = request_.dataset.columns[column].type;
               if (!request_.filter->admits(csv::parse_cell(type, fields.at(column)).value)) return;
             }
             if (request_.values == Values::as_uploaded) {
               for (std::size_t i = 0; i < wanted_.size(); ++i) {
                 const csv::Field& field = fields.at(wanted_[i].index);
                 cells[i] = {field.text, field.is_null()};
               }
             } else {
               buffer_.clear();
               for (std::size_t i = 0; i < wanted_.size(); ++i) {
                 starts[i] = buffer_.size();
                 const auto& type = request_.dataset.columns[wanted_[i].index].type;
                 const auto parsed = csv::parse_cell(type, fields.at(wanted_[i].index));
                 cells[i].null = !wanted_[i].renderer.render(parsed.value, buffer_);
               }
               starts[wanted_.size()] = buffer_.size();
               for (std::size_t i = 0; i < wanted_.size(); ++i)
                 cells[i].text = std::string_view(buffer_).substr(starts[i], starts[i + 1] - starts[i]);
             }
             sink({import_id, row_no}, cells);
           });
  }

  Connection& connection_;
  RowsRequest request_;
  std::vector<Wanted> wanted_;
  std::vector<Span> spans_;
  std::size_t at_ = 0;
  RowKey position_;
  std::uint64_t rows_in_all_ = 0, rows_left_ = 0;
  bool by_hand_ = false;  // the filter's column is not stored by itself
  std::string head_, tail_;
  std::string buffer_, storage_;
};

DatasetRows::DatasetRows(Connection& connection, RowsRequest request, const RowKey& after)
    : impl_(std::make_unique<Impl>(connection, std::move(request), after)) {}
DatasetRows::~DatasetRows() = default;
bool DatasetRows::next_page(const RowSink& sink, std::uint64_t limit) {
  return impl_->next_page(sink, limit);
}
void DatasetRows::skip(std::uint64_t rows) {
  impl_->skip(rows);
}
std::uint64_t DatasetRows::page_rows() const {
  return impl_->page_rows();
}
RowKey DatasetRows::position() const {
  return impl_->position();
}
std::uint64_t DatasetRows::rows_left() const {
  return impl_->rows_left();
}
std::uint64_t DatasetRows::rows_in_all() const {
  return impl_->rows_in_all();
}

}  // namespace sluice::db
