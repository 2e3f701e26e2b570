// SPDX-License-Identifier: MIT
// Reads the file once, stretch by stretch, perhaps with a second thread that reads ahead. Three things are
// known only later and are mended on the way: the encoding (at the first byte that is not UTF-8), where a
// second table begins (at its header), and where the footer begins (at the end).
#include "core/csv/table_scan.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/csv/date_order.hpp"
#include "core/csv/encoding.hpp"
#include "core/csv/names.hpp"
#include "core/csv/read_ahead.hpp"
#include "core/csv/stretch.hpp"
#include "core/csv/type_stats.hpp"

namespace sluice::csv {

namespace {

// Stretches in which columns turn out to be text; more are not remembered.
constexpr std::size_t kMostClosed = 1000;

constexpr std::uint64_t kBytesPerColumn = 256;

// By column: whether it may still be of numbers, of dates.
struct OpenColumns {
  std::vector<bool> numbers, dates;
};

// Columns that are not of numbers, or of dates, because of rows between two offsets.
struct ClosedColumns {
  Position start;
  std::uint64_t end;
  std::vector<std::uint32_t> numbers, dates;
};

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
    set_rules();
    const Position start = Reader{source_, dialect()}.position();
    total_ = Stretch::empty(rules_, start);
    open_ranges_.clear();
    closed_.clear();
    top_ = start;
    open_block(start);
    // Each stretch has a profile of each column, which is larger than a cell: wide tables have long
    // stretches.
    const std::uint64_t stretch_bytes = std::max(options_.block_bytes, kBytesPerColumn * rules_.columns);
    ReadAhead ahead{options_.ahead, rules_, stretch_bytes, source_.size()};
    for (bool more = true; more;) {
      more = read_on(ahead.begin(total_.end));
      if (total_.ended == Stretch::End::whole) {
        for (Stretch& stretch : ahead.take(total_.end, [&] { source_.ask(); })) take(std::move(stretch));
      } else {
        ahead.forget();
        more = true;
        if (!go_on_behind(total_.ended)) return;
      }
    }
    finish();
  }

  // Reads up to the last of the marks. False: the file is at its end.
  bool read_on(const std::vector<std::uint64_t>& marks) {
    for (const std::uint64_t mark : marks) {
      const std::uint64_t before = total_.end.offset;
      if (mark <= before) continue;  // a long record reached beyond it
      take(read_stretch(source_, rules_, total_.end, mark, [&](std::uint64_t done) {
        source_.set_done(done);
        source_.ask();
      }));
      if (total_.ended != Stretch::End::whole) return true;
      if (total_.end.offset == before) return false;
    }
    return true;
  }

  void set_rules() {
    rules_ = {};
    rules_.dialect = dialect();
    rules_.columns = report_.detected.content == Content::empty ? 0 : dialect().width;
    rules_.header = report_.detected.header;
    rules_.types_as_text = options_.types_as_text;
    rules_.null_words = options_.null_words;
    rules_.given_types = options_.given_types;
    for (const ColumnType& type : options_.given_types)  // nobody writes year, day, month
      rules_.swapped_types.push_back(order_of(type.date) == DateOrder::ymd ? std::nullopt
                                                                           : day_and_month_swapped(type));
    rules_.end_at_bad_encoding = !encoding_decided_ && !overrides_.encoding &&
                                 dialect().encoding == Encoding::utf8 && dialect().bom_bytes == 0;
  }

  // What ended a stretch is decided; false: the whole file must be read again.
  bool go_on_behind(Stretch::End ended) {
    total_.ended = Stretch::End::whole;
    if (ended == Stretch::End::second_table) {
      report_.detected.second_table_line = total_.end.line;
      rules_.dialect.second_table_offset = dialect().second_table_offset = total_.end.offset;
      return true;
    }
    encoding_decided_ = true;
    rules_.end_at_bad_encoding = false;
    if (!is_windows1252(source_, 0)) return true;
    overrides_.encoding = Encoding::windows1252;
    start_over_ = true;
    return false;
  }

  // A block ends where nothing narrow stands that may yet turn out to be rows of it.
  void take(Stretch&& stretch) {
    if (total_.narrow.empty() && stretch.end.offset > stretch.start.offset) {
      if (stretch.start.offset > block_start_.offset) open_block(stretch.start);
    }
    total_.ended = stretch.ended;
    const OpenColumns before = open_columns();
    total_.merge(std::move(stretch));
    note_closed(before);
    add_ranges();
  }

  // ---- columns that turn out to be text ----

  OpenColumns open_columns() const {
    OpenColumns open;
    if (!options_.explain_text) return open;
    for (const TypeProfile& profile : total_.profiles) {
      open.numbers.push_back(profile.may_be_number());
      open.dates.push_back(profile.may_be_date());
    }
    return open;
  }

  // What was narrow may have become rows just now, so it is from the block's start that cells may be odd.
  void note_closed(const OpenColumns& before) {
    if (closed_.size() == kMostClosed) return;
    const OpenColumns now = open_columns();
    ClosedColumns closed{block_start_, total_.end.offset, {}, {}};
    for (std::uint32_t i = 0; i < now.numbers.size(); ++i) {
      if (before.numbers[i] && !now.numbers[i]) closed.numbers.push_back(i);
      if (before.dates[i] && !now.dates[i]) closed.dates.push_back(i);
    }
    if (!closed.numbers.empty() || !closed.dates.empty()) closed_.push_back(std::move(closed));
  }

  void explain_text() {
    std::vector<std::uint32_t> columns;
    for (std::uint32_t i = 0; i < report_.columns.size(); ++i) {
      const ColumnVerdict& verdict = report_.columns[i].verdict;
      if (is_text(verdict.type.type) && verdict.order == DateOrder::none) columns.push_back(i);
    }
    const std::function<void()> ask = [&] { source_.ask(); };
    OddCells odd{source_, dialect(), options_.null_words, ask};
    odd.look_at_top(top_, columns);
    for (const ClosedColumns& closed : closed_)
      odd.look_on(closed.start, closed.end, closed.numbers, closed.dates);
    for (auto& [column, cell] : odd.take()) {
      const TypeProfile::Impl& profile = total_.profiles[column].impl();
      for (std::size_t i = 0; i < profile.words.size(); ++i)
        if (profile.null_words[i] > 0) cell.null_words.push_back(profile.words[i]);
      report_.columns[column].odd = std::move(cell);
    }
  }

  // ---- blocks ----

  void open_block(const Position& start) {
    close_block(start);
    block_start_ = start;
    report_.blocks.push_back({});
    report_.blocks.back().start = start;
    open_ranges_.emplace_back();
  }

  void close_block(const Position& end) {
    if (!report_.blocks.empty()) report_.blocks.back().end_offset = end.offset;
  }

  void add_ranges() {
    const std::vector<DateRange> dates = total_.take_dates();
    for (std::uint32_t i = 0; i < dates.size(); ++i) {
      if (dates[i].any) range_of(i).merge(dates[i]);
    }
  }

  // Of the block at hand. Most columns hold no dates.
  DateRange& range_of(std::uint32_t column) {
    std::vector<ColumnRange>& ranges = open_ranges_.back();
    const auto found = std::find_if(ranges.begin(), ranges.end(),
                                    [&](const ColumnRange& range) { return range.column == column; });
    return found != ranges.end() ? found->range : ranges.emplace_back(ColumnRange{column, {}}).range;
  }

  // ---- the end ----

  void finish() {
    ScanCounts& counts = report_.counts;
    counts = total_.counts;
    if (!total_.narrow.empty()) {
      dialect().footer_offset = total_.narrow.first_offset();
      total_.narrow.for_each([&](std::span<const Field> fields, bool) {
        const bool blank =
            std::all_of(fields.begin(), fields.end(), [](const Field& f) { return f.is_null(); });
        if (blank) {
          ++counts.skipped[static_cast<std::size_t>(SkipReason::blank)];
        } else {
          ++counts.rejects[static_cast<std::size_t>(RejectCode::footer)];
        }
      });
    }
    counts.records = total_.end.records;
    close_block(total_.end);
    number_rows();
    if (report_.detected.content != Content::empty) describe_columns();
    if (options_.explain_text && !options_.types_as_text && options_.given_types.empty()) explain_text();
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
    std::vector<ColumnVerdict> verdicts = decide(total_.profiles);
    const std::vector<std::string>& header = report_.detected.header;
    const std::vector<std::string> names =
        header.empty() ? generated_names(total_.profiles.size()) : shown_names(header);
    std::vector<ColumnType> types;
    types.reserve(verdicts.size());  // of some 300 and 800 bytes each
    report_.columns.reserve(verdicts.size());
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      if (i < options_.given_types.size()) verdicts[i].type = options_.given_types[i];
      types.push_back(verdicts[i].type);
      report_.columns.push_back(
          {header.empty() ? std::string{} : header[i], names[i], std::move(verdicts[i])});
      if (i < total_.swapped_dates.size()) report_.columns[i].swapped_dates = total_.swapped_dates[i];
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
  }

  WatchedSource& source_;
  const ScanOptions& options_;
  DialectOverrides overrides_;
  TableReport report_;
  bool start_over_ = false;
  bool encoding_decided_ = false;
  StretchRules rules_;
  Stretch total_;  // all that was read so far
  Position top_;   // of the table
  Position block_start_;
  std::vector<ClosedColumns> closed_;
  struct ColumnRange {
    std::uint32_t column;
    DateRange range;
  };
  std::vector<std::vector<ColumnRange>> open_ranges_;  // by block; which order counts is known at the end
};

}  // namespace

std::optional<TableReport> detect_table(ByteSource& source, const ScanOptions& options) {
  WatchedSource watched{source, options};
  try {
    return Scan{watched, options}.run();
  } catch (const Stopped&) {
    return std::nullopt;
  }
}

}  // namespace sluice::csv
