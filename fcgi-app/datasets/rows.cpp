// SPDX-License-Identifier: MIT
// Pages by key. Also of a filter that few rows pass: a request looks at so many rows and no more, and says
// where to go on.
#include "core/base/error.hpp"
#include "core/db/dataset_rows.hpp"
#include "core/db/import_table.hpp"
#include "fcgi-app/datasets/dataset_json.hpp"
#include "fcgi-app/datasets/handlers.hpp"
#include "fcgi-app/datasets/key_cursor.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::size_t kBytesOfPage = 8u << 20;  // a page of huge cells ends early
constexpr std::uint64_t kRowsLookedAt = 200'000;
constexpr std::uint64_t kRowsPerLook = 10'000;
constexpr std::size_t kLargeRow = 4096;
constexpr std::uint64_t kLargeRowsPerLook = 20;

/// `?column=` with `equals=`, `least=` and `greatest=`, or `null=true`.
std::optional<db::CellFilter> filter_of(const Request& request, const db::Dataset& dataset) {
  const auto column = request.query_parameter("column");
  const auto equals = request.query_parameter("equals");
  const auto least = request.query_parameter("least"), greatest = request.query_parameter("greatest");
  const auto null = request.query_parameter("null");
  const bool asked = equals || least || greatest || null;
  if (!column && !asked) return std::nullopt;
  if (!column || !asked || (equals && (least || greatest)) ||
      (null && (*null != "true" || equals || least || greatest)))
    throw Error(Kind::invalid, "dataset.filter", "parameters");
  const auto index = dataset.column_index(*column);
  if (!index)
    throw Error(Kind::invalid, "dataset.unknown_column", *column,
                "The dataset has no column \"" + *column + "\".");
  if (null) return db::CellFilter::null_in(*index);
  return db::CellFilter::range_of(*index, dataset.columns[*index].type, equals ? equals : least,
                                  equals ? equals : greatest);
}

/// Collects the rows of one answer.
class Answer {
 public:
  explicit Answer(std::size_t limit) : limit_(limit) {}
  bool full() const { return items_.size() >= limit_ || bytes_ >= kBytesOfPage; }
  std::size_t room() const { return limit_ - items_.size(); }
  bool of_large_rows() const { return !items_.empty() && bytes_ / items_.size() > kLargeRow; }

  void take(const db::RowKey& key, std::span<const db::RowCell> cells) {
    if (full()) {
      cut_ = true;
      return;
    }
    Json row = Json::array();
    for (const db::RowCell& cell : cells) {
      bytes_ += cell.text.size();
      row.push(cell.null ? Json() : Json(cell.text));
    }
    items_.push_back(std::move(row));
    last_ = key;
  }

  /// Where the next page begins: after the last row that was taken, else after what was looked at.
  std::optional<std::string> next(const db::DatasetRows& rows) const {
    if (cut_) return key_text(last_);
    return rows.rows_left() > 0 ? std::optional(key_text(rows.position())) : std::nullopt;
  }
  Json::Array take_items() { return std::move(items_); }

 private:
  std::size_t limit_;
  std::size_t bytes_ = 0;
  Json::Array items_;
  db::RowKey last_;
  bool cut_ = false;
};

}  // namespace

Response list_rows(Request& request, const Actor& actor, Services& services) {
  const Page page = page_of(request);
  const db::RowKey after = key_of(page);
  Json columns = Json::array();
  Answer answer(page.limit);
  std::optional<std::string> next;
  services.db([&](db::Connection& connection) {
    db::RowsRequest wanted;
    wanted.data_database = services.config.data_database();
    wanted.dataset = require_dataset(connection, actor, request.uid());
    wanted.import_ids = db::published_import_ids(connection, wanted.dataset.id);
    wanted.filter = filter_of(request, wanted.dataset);
    columns = columns_json(wanted.dataset.columns);
    const bool filtered = wanted.filter.has_value();
    db::DatasetRows rows(connection, std::move(wanted), after);
    const std::uint64_t all = rows.rows_left();
    const auto sink = [&](const db::RowKey& key, std::span<const db::RowCell> cells) {
      answer.take(key, cells);
    };
    while (!answer.full() && all - rows.rows_left() < kRowsLookedAt) {
      // In small steps when cells are large: a step is read as a whole.
      std::uint64_t step = filtered ? kRowsPerLook : answer.room();
      if (answer.of_large_rows()) step = std::min(step, kLargeRowsPerLook);
      if (!rows.next_page(sink, step)) break;
    }
    next = answer.next(rows);
  });
  Json body = list_body(page, answer.take_items(), next);
  body.set("columns", std::move(columns));
  return json_response(200, body);
}

}  // namespace sluice::fcgi
