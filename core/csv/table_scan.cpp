// SPDX-License-Identifier: MIT
// Reads the file once. Three things are known only later and are mended on the way: the encoding (at the
// first byte that is not UTF-8), where a second table begins (at its header), and where the footer begins (at
// the end).
#include "core/csv/table_scan.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

#include "core/csv/cell_shape.hpp"
#include "core/csv/encoding.hpp"
#include "core/csv/names.hpp"
#include "core/csv/narrow_rows.hpp"

namespace sluice::csv {

namespace {

struct Stopped {};

// Asks whether to go on whenever the file is read, so that a long look ahead is no exception.
class WatchedSource final : public ByteSource {
 public:
  WatchedSource(ByteSource& source, const ScanOptions& options) : source_{source}, options_{options} {}
  std::uint64_t size() const override { return source_.size(); }
  std::size_t read(std::uint64_t offset, std::span<char> into) override {
    ask();
    return source_.read(offset, into);
  }
  void ask() {
    const auto now = std::chrono::steady_clock::now();
    if (!options_.keep_going || now - asked_at_ < std::chrono::milliseconds{10}) return;
    asked_at_ = now;
    if (!options_.keep_going(done_)) throw Stopped{};
  }
  void set_done(std::uint64_t done) { done_ = done; }

 private:
  ByteSource& source_;
  const ScanOptions& options_;
  std::uint64_t done_ = 0;
  std::chrono::steady_clock::time_point asked_at_{};
};

// windows-1252 when the file as a whole has more bytes that are no UTF-8 than characters that are.
bool is_windows1252(ByteSource& source, std::uint64_t from) {
  std::string chunk(1 << 20, '\0');
  Utf8Counts counts;
  for (std::uint64_t offset = from; offset < source.size();) {
    const std::size_t got = source.read(offset, {chunk.data(), chunk.size()});
    if (got == 0) break;
    const Utf8Counts more = count_utf8({chunk.data(), got});
    counts.multibyte += more.multibyte;
    counts.invalid += more.invalid;
    offset += got;
  }
  return counts.invalid > counts.multibyte;
}

class Scan {
 public:
  Scan(WatchedSource& source, const ScanOptions& options) : source_{source}, options_{options} {}

  TableReport run() {
    overrides_ = options_.overrides;
    do {
      start_over_ = false;
      report_ = {};
      report_.detected = detect_dialect(source_, overrides_);
      if (report_.detected.content == Content::not_text) return std::move(report_);
      scan();
    } while (start_over_);
    return std::move(report_);
  }

 private:
  Dialect& dialect() { return report_.detected.dialect; }

  void scan() {
    profiles_.clear();
    pending_ = NarrowRows{};
    open_ranges_.clear();
    if (report_.detected.content != Content::empty) {
      profiles_.resize(dialect().width);
      if (options_.types_as_text || !options_.given_types.empty()) {
        for (TypeProfile& profile : profiles_) profile.stay_text();
      }
      for (const auto& [column, words] : options_.null_words)
        if (column < profiles_.size()) profiles_[column].take_null_words(words);
      given_ranges_.assign(profiles_.size(), {});
    }
    first_name_ = report_.detected.header.empty() ? std::string{} : trimmed(report_.detected.header[0]);
    Reader reader{source_, dialect()};
    Position before = reader.position();
    open_block(before);
    std::uint64_t until_ask = 64;
    while (const Record* record = reader.next()) {
      if (--until_ask == 0 || record->byte_length > 65'536) {
        until_ask = 64;
        source_.set_done(before.offset);
        source_.ask();
      }
      if (record->kind == RecordKind::row || record->kind == RecordKind::reject) {
        if (starts_second_table(*record)) {
          dialect().second_table_offset = record->byte_offset;
          report_.detected.second_table_line = record->first_line;
          reader = Reader{source_, dialect(), before};
          continue;
        }
        if (record->kind == RecordKind::reject && record->code == RejectCode::bad_encoding &&
            may_be_windows1252()) {
          overrides_.encoding = Encoding::windows1252;
          start_over_ = true;
          return;
        }
      }
      take(*record);
      before = reader.position();
      if (before.offset - block_start_.offset >= options_.block_bytes && pending_.empty()) {
        close_block(before);
        open_block(before);
      }
    }
    finish(reader.position());
  }

  bool may_be_windows1252() {
    if (overrides_.encoding || dialect().encoding != Encoding::utf8 || dialect().bom_bytes != 0) return false;
    if (encoding_decided_) return false;
    encoding_decided_ = true;
    return is_windows1252(source_, 0);
  }

  // The header again, or the first part of it, or it with more behind.
  bool starts_second_table(const Record& record) {
    const std::vector<std::string>& header = report_.detected.header;
    if (header.size() < 2 || record.fields.empty()) return false;
    const std::string_view first = record.fields[0].text;
    // Nearly all rows leave here.
    if (first.empty() || first.size() < first_name_.size()) return false;
    if (!first_name_.empty() && first.find(first_name_.front()) == std::string_view::npos) return false;
    if (dialect().header_rows != 1 || dialect().second_table_offset != Dialect::kNowhere) return false;
    std::size_t same = 0;
    while (same < std::min(header.size(), record.fields.size()) &&
           trimmed(record.fields[same].text) == trimmed(header[same])) {
      ++same;
    }
    if (same == header.size()) return true;
    // What follows the part that is the same must be what padding puts there.
    return same >= 1 && same * 2 >= header.size() && record.repair == Repair::padded &&
           std::all_of(record.fields.begin() + static_cast<std::ptrdiff_t>(same), record.fields.end(),
                       [](const Field& field) { return field.is_null(); });
  }

  void take(const Record& record) {
    ScanCounts& counts = report_.counts;
    switch (record.kind) {
      case RecordKind::skipped:
        ++counts.skipped[static_cast<std::size_t>(record.reason)];
        return;
      case RecordKind::reject:
        ++counts.rejects[static_cast<std::size_t>(record.code)];
        settle_pending();
        return;
      case RecordKind::row:
        break;
    }
    if (pending_.is_narrow(record)) {
      if (pending_.full()) settle_pending();
      pending_.add(record);
      return;
    }
    settle_pending();
    count_row(record.repair != Repair::none);
    add_cells(record.fields);
  }

  void count_row(bool repaired) {
    ++report_.counts.rows;
    if (repaired) ++report_.counts.repaired;
  }

  // Rows follow: what was narrow stands in the midst of the table and is part of it.
  void settle_pending() {
    if (pending_.empty()) return;
    pending_.for_each([&](std::span<const Field> fields, bool repaired) {
      count_row(repaired);
      add_cells(fields);
    });
    pending_ = NarrowRows{};
  }

  void add_cells(std::span<const Field> fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) profiles_[i].add(fields[i]);
    for (std::size_t i = 0; i < std::min(fields.size(), options_.given_types.size()); ++i) {
      if (!is_date(options_.given_types[i].type)) continue;
      const ParsedCell cell = parse_cell(options_.given_types[i], fields[i]);
      std::int64_t value = 0;
      if (const auto* date = std::get_if<Date>(&cell.value)) {
        value = to_microseconds(*date);
      } else if (const auto* datetime = std::get_if<DateTime>(&cell.value)) {
        value = to_microseconds(*datetime);
      } else {
        continue;
      }
      DateRange& range = given_ranges_[i];
      range.add(0, value, !range.any);
      range.any = true;
    }
  }

  // ---- blocks ----

  void open_block(const Position& start) {
    block_start_ = start;
    report_.blocks.push_back({});
    report_.blocks.back().start = start;
    open_ranges_.emplace_back();
  }

  void close_block(const Position& end) {
    report_.blocks.back().end_offset = end.offset;
    for (std::size_t i = 0; i < profiles_.size(); ++i) {
      DateRange range = profiles_[i].take_block();
      if (!options_.given_types.empty()) range = std::exchange(given_ranges_[i], {});
      if (range.any) open_ranges_.back().push_back({static_cast<std::uint32_t>(i), range});
    }
  }

  // ---- the end ----

  void finish(const Position& end) {
    ScanCounts& counts = report_.counts;
    if (!pending_.empty()) {
      dialect().footer_offset = pending_.first_offset();
      pending_.for_each([&](std::span<const Field> fields, bool) {
        const bool blank =
            std::all_of(fields.begin(), fields.end(), [](const Field& f) { return f.is_null(); });
        if (blank) {
          ++counts.skipped[static_cast<std::size_t>(SkipReason::blank)];
        } else {
          ++counts.rejects[static_cast<std::size_t>(RejectCode::footer)];
        }
      });
    }
    counts.records = end.records;
    close_block(end);
    number_rows();
    if (report_.detected.content != Content::empty) describe_columns();
    describe();
  }

  void number_rows() {
    std::vector<Block>& blocks = report_.blocks;
    const std::uint64_t rows = report_.counts.rows;
    for (std::size_t i = blocks.size(); i-- > 0;) {
      blocks[i].start.rows = std::min(blocks[i].start.rows, rows);  // footers were rows until now
      blocks[i].rows = (i + 1 < blocks.size() ? blocks[i + 1].start.rows : rows) - blocks[i].start.rows;
    }
  }

  void describe_columns() {
    std::vector<ColumnVerdict> verdicts = decide(profiles_);
    const std::vector<std::string>& header = report_.detected.header;
    const std::vector<std::string> names =
        header.empty() ? generated_names(profiles_.size()) : shown_names(header);
    std::vector<ColumnType> types;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (i < options_.given_types.size()) verdicts[i].type = options_.given_types[i];
      types.push_back(verdicts[i].type);
      report_.columns.push_back(
          {header.empty() ? std::string{} : header[i], names[i], std::move(verdicts[i])});
    }
    report_.layout = choose_layout(types);
    for (std::size_t b = 0; b < report_.blocks.size(); ++b) {
      for (const auto& [column, range] : open_ranges_[b]) {
        const ColumnVerdict& verdict = report_.columns[column].verdict;
        if (!is_date(verdict.type.type)) continue;
        std::size_t order = 0;
        if (options_.given_types.empty() && verdict.order == DateOrder::dmy) order = 1;
        if (options_.given_types.empty() && verdict.order == DateOrder::mdy) order = 2;
        report_.blocks[b].ranges.push_back({column, range.least[order], range.greatest[order]});
      }
    }
  }

  void describe() {
    std::vector<std::string>& notices = report_.notices;
    if (report_.detected.content == Content::empty) notices.push_back("The file is empty.");
    if (report_.detected.content == Content::header_only)
      notices.push_back("The file has a header and no rows.");
    if (dialect().second_table_offset != Dialect::kNowhere) {
      notices.push_back("The header comes again in line " +
                        std::to_string(report_.detected.second_table_line) +
                        ": a second table begins there and was not loaded. Load it as a dataset of its own "
                        "with skip_lines " +
                        std::to_string(report_.detected.second_table_line - 1) + ".");
    }
    for (const ColumnReport& column : report_.columns) {
      if (column.verdict.order == DateOrder::ambiguous) {
        notices.push_back("Column " + column.shown_name +
                          " may be day/month or month/day; nothing in the file decides, so it stays text.");
      } else if (column.verdict.order == DateOrder::contradictory) {
        notices.push_back("Column " + column.shown_name +
                          " mixes day/month and month/day, so it stays text.");
      }
    }
  }

  WatchedSource& source_;
  const ScanOptions& options_;
  DialectOverrides overrides_;
  TableReport report_;
  bool start_over_ = false;
  bool encoding_decided_ = false;
  std::vector<TypeProfile> profiles_;
  NarrowRows pending_;
  std::string first_name_;  // of the header, trimmed
  Position block_start_;
  struct ColumnRange {
    std::uint32_t column;
    DateRange range;
  };
  std::vector<std::vector<ColumnRange>> open_ranges_;  // by block; which order counts is known at the end
  std::vector<DateRange> given_ranges_;
};

}  // namespace

std::uint64_t ScanCounts::rejected() const {
  return std::accumulate(rejects.begin(), rejects.end(), std::uint64_t{0});
}
std::uint64_t ScanCounts::all_skipped() const {
  return std::accumulate(skipped.begin(), skipped.end(), std::uint64_t{0});
}

std::optional<TableReport> detect_table(ByteSource& source, const ScanOptions& options) {
  WatchedSource watched{source, options};
  try {
    return Scan{watched, options}.run();
  } catch (const Stopped&) {
    return std::nullopt;
  }
}

}  // namespace sluice::csv
