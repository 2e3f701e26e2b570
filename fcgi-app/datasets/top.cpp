// SPDX-License-Identifier: MIT
// The most frequent values of a column, among rows that are spread evenly over the dataset: what people want
// to see of a column must not cost a pass over two million rows.
#include <algorithm>
#include <map>

#include "core/base/error.hpp"
#include "core/csv/encoding.hpp"
#include "core/db/dataset_rows.hpp"
#include "core/db/import_table.hpp"
#include "fcgi-app/datasets/handlers.hpp"
#include "fcgi-app/integers.hpp"
#include "fcgi-app/request_error.hpp"

namespace sluice::fcgi {
namespace {

constexpr std::uint64_t kStretches = 10;
constexpr std::uint64_t kRowsOfStretch = 2000;
constexpr std::size_t kBytesOfValue = 100;
constexpr std::uint64_t kMostValues = 50, kDefaultValues = 10;

/// Counts values by their first kBytesOfValue bytes; it holds no more than there are rows.
class Tally {
 public:
  void add(const db::RowCell& cell) {
    ++rows_;
    if (cell.null) {
      ++nulls_;
      return;
    }
    const std::string_view text = csv::utf8_prefix(cell.text, kBytesOfValue);
    const auto at = counts_.find(text);
    if (at != counts_.end())
      ++at->second;
    else
      counts_.emplace(text, 1);
  }
  std::uint64_t rows() const { return rows_; }

  /// Most first; of equally many null first, then by the bytes.
  Json items(std::size_t limit) const {
    std::vector<std::pair<std::uint64_t, Json>> all;
    if (nulls_ > 0) all.emplace_back(nulls_, Json());
    for (const auto& [text, count] : counts_) all.emplace_back(count, Json(text));
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    Json items = Json::array();
    for (std::size_t i = 0; i < std::min(limit, all.size()); ++i)
      items.push(Json::object({{"value", std::move(all[i].second)}, {"count", all[i].first}}));
    return items;
  }

 private:
  std::map<std::string, std::uint64_t, std::less<>> counts_;
  std::uint64_t rows_ = 0, nulls_ = 0;
};

/// The first rows of each tenth. Where rows are wide a stretch is no longer than a page, so that huge cells
/// make the sample smaller, not the answer slower.
void read_sample(db::DatasetRows& rows, Tally& tally) {
  const db::RowSink sink = [&](const db::RowKey&, std::span<const db::RowCell> cells) {
    tally.add(cells.front());
  };
  const std::uint64_t all = rows.rows_in_all();
  for (std::uint64_t tenth = 0; tenth < kStretches; ++tenth) {
    const std::uint64_t begin = all * tenth / kStretches, end = all * (tenth + 1) / kStretches;
    rows.skip(begin - (all - rows.rows_left()));
    const std::uint64_t stretch = std::min({kRowsOfStretch, end - begin, rows.page_rows()});
    // a stretch may begin in one import and end in the next
    while (all - rows.rows_left() < begin + stretch)
      if (!rows.next_page(sink, begin + stretch - (all - rows.rows_left()))) return;
  }
}

/// The number in the address, whose shape the table of routes has checked; as an index.
std::uint32_t column_of(const Request& request, const db::Dataset& dataset) {
  constexpr std::string_view kBefore = "/columns/";
  const std::string_view rest =
      std::string_view(request.path).substr(request.path.find(kBefore) + kBefore.size());
  const auto number = parse_integer(rest.substr(0, rest.find('/')));
  if (!number || *number < 1 || *number > dataset.columns.size())
    throw Error(Kind::not_found, "dataset.column_not_found", std::string(rest));
  return static_cast<std::uint32_t>(*number - 1);
}

std::size_t limit_of(const Request& request) {
  const auto given = request.query_parameter("limit");
  const auto limit = given ? parse_integer(*given) : kDefaultValues;
  if (!limit || *limit < 1 || *limit > kMostValues)
    throw parameter_error("http.limit", "limit",
                          "must be a number from 1 to " + std::to_string(kMostValues) + ".", "range");
  return *limit;
}

}  // namespace

Response top_values(Request& request, const Actor& actor, Services& services) {
  const std::size_t limit = limit_of(request);
  return services.db([&](db::Connection& connection) {
    db::RowsRequest wanted;
    wanted.data_database = services.config.data_database();
    wanted.dataset = require_dataset(connection, actor, request.uid());
    wanted.import_ids = db::published_import_ids(connection, wanted.dataset.id);
    wanted.columns = {column_of(request, wanted.dataset)};
    wanted.row_numbers = false;
    const std::uint64_t of = wanted.dataset.row_count;
    const std::string name = wanted.dataset.columns[wanted.columns.front()].name;
    db::DatasetRows rows(connection, std::move(wanted));
    Tally tally;
    read_sample(rows, tally);
    return json_response(
        200,
        Json::object({{"column", name}, {"rows", tally.rows()}, {"of", of}, {"items", tally.items(limit)}}));
  });
}

}  // namespace sluice::fcgi
