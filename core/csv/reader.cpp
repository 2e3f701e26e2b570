// SPDX-License-Identifier: MIT
// A record is first read as RFC 4180 says. Only when that does not give exactly `width` fields does the
// reader look closer, and then at one physical line: an unclosed quote never swallows the lines below it.
#include "core/csv/reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "core/csv/field_text.hpp"
#include "core/csv/quote_scan.hpp"
#include "core/csv/record_parser.hpp"
#include "core/csv/record_repair.hpp"
#include "core/csv/text_window.hpp"

namespace sluice::csv {

namespace {

// Bytes of the window up to which a record is looked at as a whole.
constexpr std::size_t kWindowLimit = kMaxRecordBytes + 4;
// Looking for the end of a quote may cost this much in all, and four bytes more for each byte of the file
// that was read: the whole stays linear however many quotes do not close.
constexpr std::uint64_t kScanAllowance = 256u << 20;

std::string_view skip_blanks(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t");
  return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

}  // namespace

class Reader::Impl {
 public:
  Impl(ByteSource& source, const Dialect& dialect, const Position& start, std::uint64_t until)
      : source_{source},
        dialect_{dialect},
        at_{start_of_text(dialect, start)},
        until_{until},
        parser_{dialect},
        window_{source, dialect.encoding, at_.offset},
        blank_lines_{dialect.delimiter.empty() ||
                     (dialect.delimiter[0] != ' ' && dialect.delimiter[0] != '\t')} {}

  const Record* next() {
    if (at_.offset >= until_) return nullptr;
    if (window_.size() == 0) window_.grow();
    while (window_.size() == 0 && !window_.at_end()) window_.grow();
    if (window_.size() == 0) return nullptr;
    begin_record();
    if (at_.line <= dialect_.preamble_lines) {
      take_line();
      skip(SkipReason::preamble);
    } else if (!take_blank_or_comment()) {
      if (at_.offset >= dialect_.second_table_offset) {
        take_second_table();
      } else {
        take_record();
      }
    }
    end_record();
    return &record_;
  }

  Position position() const { return at_; }
  const Dialect& dialect() const { return dialect_; }

 private:
  static Position start_of_text(const Dialect& dialect, Position start) {
    if (start.offset < dialect.bom_bytes) start.offset = dialect.bom_bytes;
    return start;
  }

  std::string_view text() const { return {window_.begin(), window_.size()}; }

  void begin_record() {
    record_ = {};
    record_.record_no = at_.records + 1;
    record_.first_line = at_.line;
    record_.byte_offset = at_.offset;
    field_text_.clear();
    length_ = text_length_ = 0;
    oversize_ = false;
  }

  // What was taken lies at the front of the window, or in front of it when it was too long to keep.
  void end_record() {
    if (!oversize_) {
      record_.byte_length = window_.source_length(length_);
      window_.consume(length_);
    }
    at_.offset = window_.offset();
    at_.line = record_.last_line + 1;
    at_.records = record_.record_no;
    if (record_.kind == RecordKind::row) record_.row_no = ++at_.rows;
    if (record_.kind == RecordKind::skipped && record_.reason == SkipReason::header) ++at_.headers;
  }

  // ---- taking lines ----

  // The first physical line; false when it is longer than a record may be.
  bool find_line() {
    while (true) {
      const RecordParser::Result line = parser_.parse_line(text(), window_.at_end());
      if (line.end == RecordParser::End::record) {
        length_ = line.length;
        text_length_ = line.text_length;
        record_.last_line = record_.first_line;
        return text_length_ <= kMaxRecordBytes;
      }
      if (window_.size() > kWindowLimit) return false;
      window_.grow();
    }
  }

  void take_line() {
    record_.fields = {};
    if (!find_line()) leave_long_line();
  }

  bool take_blank_or_comment() {
    if (dialect_.comment != 0 && window_.begin()[0] == dialect_.comment) {
      take_line();
      skip(SkipReason::comment);
      return true;
    }
    const char first = window_.begin()[0];
    if (first != '\n' && first != '\r' && !(blank_lines_ && (first == ' ' || first == '\t'))) return false;
    if (window_.size() < 2) window_.grow();
    std::string_view rest = blank_lines_ ? skip_blanks(text().substr(0, 4096)) : text();
    if (rest.empty()) {
      if (!find_line() || !skip_blanks(text().substr(0, text_length_)).empty()) return false;
    } else if (rest[0] != '\n' && rest[0] != '\r') {
      return false;
    } else if (rest[0] == '\r' && !parser_.lone_cr() && !(rest.size() > 1 && rest[1] == '\n')) {
      return false;
    } else if (!find_line()) {
      return false;
    }
    skip(SkipReason::blank);
    return true;
  }

  // ---- taking records ----

  // The strict reading. False when there is none: the reason is in `trouble_`.
  bool read_strictly() {
    while (true) {
      const RecordParser::Result result = parser_.parse(text(), window_.at_end(), quoted_limit());
      looked_at_ = result.text_length;
      unkept_filled_ = result.unkept_filled;
      switch (result.end) {
        case RecordParser::End::record:
          if (result.text_length > kMaxRecordBytes) {
            trouble_ = RejectCode::too_long;
            return false;
          }
          length_ = result.length;
          text_length_ = result.text_length;
          record_.last_line =
              record_.first_line + (result.spans_lines ? line_ends(text().substr(0, text_length_)) : 0);
          return true;
        case RecordParser::End::stray:
          trouble_ = RejectCode::stray_quote;
          record_.column = result.column;
          return false;
        case RecordParser::End::unclosed:
          trouble_ = RejectCode::unclosed_quote;
          record_.column = result.column;
          return false;
        case RecordParser::End::more:
          if (window_.size() > kWindowLimit) {
            trouble_ = RejectCode::too_long;
            record_.column = result.column;
            return false;
          }
          window_.grow();
      }
    }
  }

  std::uint64_t scan_credit() const {
    const std::uint64_t earned = kScanAllowance + 4 * at_.offset;
    return earned > at_.scan_spent ? earned - at_.scan_spent : 0;
  }

  // A quoted field may always end in the first 64 kB; further only while credit lasts.
  std::size_t quoted_limit() const {
    return static_cast<std::size_t>(std::min<std::uint64_t>(kWindowLimit * 2, (64 << 10) + scan_credit()));
  }

  void take_record() {
    const bool header = at_.headers < dialect_.header_rows;
    const bool read = read_strictly();
    if (!read && trouble_ == RejectCode::too_long) {
      if (take_long_record()) return;
      trouble_ = RejectCode::unclosed_quote;
      mend(header);
      return;
    }
    const bool spans = read && record_.last_line != record_.first_line;
    const std::size_t width = dialect_.width;
    const std::size_t count = parser_.fields().size();
    if (read && (!spans || (count == width && !parser_.has_bare_quote()))) {
      // A clean reading with another number of fields is no matter of quotes.
      if (count == width || !parser_.has_bare_quote() || surplus_is_empty()) {
        accept(header, Repair::none);
      } else if (!try_mend(header)) {
        read_strictly();
        accept(header, Repair::none);
      }
      return;
    }
    if (spans) {
      trouble_ = RejectCode::unclosed_quote;
      record_.column = 0;
    }
    mend(header);
  }

  bool surplus_is_empty() const {
    const std::vector<Field>& fields = std::as_const(*this).fields();
    if (fields.size() <= dialect_.width || unkept_filled_) return false;
    return std::all_of(fields.begin() + dialect_.width, fields.end(),
                       [](const Field& field) { return field.text.empty(); });
  }
  const std::vector<Field>& fields() const { return const_cast<RecordParser&>(parser_).fields(); }

  // Looks at the first physical line alone. False when it cannot be read with `width` fields.
  bool try_mend(bool header) {
    length_ = 0;
    if (!find_line()) return false;
    if (looked_at_ > length_) at_.scan_spent += looked_at_ - length_;
    outcome_ = repair_line(parser_, text().substr(0, text_length_), dialect_.width, parser_.fields(),
                           mended_escapes_);
    if (outcome_ != RepairOutcome::found) return false;
    escapes_ = &mended_escapes_;
    accept(header, Repair::literal_quote);
    return true;
  }

  void mend(bool header) {
    if (try_mend(header)) return;
    if (length_ == 0) {
      leave_long_line();
      reject(RejectCode::too_long, "The record is longer than 12 MiB.");
      return;
    }
    if (header) {
      skip(SkipReason::header);
      return;
    }
    if (outcome_ == RepairOutcome::ambiguous) {
      reject(trouble_, "A quote can be read in two ways here, with different values.");
    } else if (trouble_ == RejectCode::unclosed_quote) {
      reject(trouble_, "A quoted field begins here and does not end.");
    } else {
      reject(trouble_, "A quote stands where the field does not end.");
    }
  }

  // The reading stands in the parser; decides what the record is.
  void accept(bool header, Repair repair) {
    record_.repair = repair;
    if (!resolve()) return;
    std::vector<Field>& fields = parser_.fields();
    const std::size_t width = dialect_.width;
    if (header) {
      record_.fields = fields;
      skip(SkipReason::header);
      return;
    }
    if (text_length_ > kMaxFieldBytes && std::any_of(fields.begin(), fields.end(), [](const Field& f) {
          return f.text.size() > kMaxFieldBytes;
        })) {
      reject(RejectCode::too_long, "A field is longer than 8 MiB.");
      return;
    }
    if (record_.byte_offset >= dialect_.footer_offset) {
      if (std::all_of(fields.begin(), fields.end(), [](const Field& f) { return f.is_null(); })) {
        record_.fields = fields;
        skip(SkipReason::blank);
        return;
      }
      if (fields.size() < width) {
        record_.fields = fields;
        reject(RejectCode::footer,
               "Below the table: fewer fields than the table has columns, and no row follows.");
        return;
      }
    }
    if (fields.size() < width) {
      if (dialect_.short_records == ShortRecords::reject) {
        record_.fields = fields;
        record_.column = static_cast<std::uint32_t>(fields.size() + 1);
        reject(RejectCode::too_few_fields, "The record has fewer fields than the table has columns.");
        return;
      }
      fields.resize(width);
      record_.repair = Repair::padded;
    } else if (fields.size() > width) {
      if (!surplus_is_empty()) {
        record_.fields = fields;
        record_.column = static_cast<std::uint32_t>(width + 1);
        reject(RejectCode::too_many_fields, "The record has more fields than the table has columns.");
        return;
      }
      fields.resize(width);
      record_.repair = Repair::surplus_empty;
    }
    record_.kind = RecordKind::row;
    record_.fields = fields;
    if (record_.repair != Repair::none) keep_raw();
  }

  void take_second_table() {
    if (!read_strictly() && !find_line()) leave_long_line();
    skip(SkipReason::second_table);
  }

  // ---- what became of the record ----

  // The fields as UTF-8 without escapes. False when the record is not valid UTF-8: then it is a reject.
  bool resolve() {
    const std::string_view whole = text().substr(0, text_length_);
    const std::vector<std::uint32_t>& escaped = escapes_ != nullptr ? *escapes_ : parser_.escaped();
    escapes_ = nullptr;
    const std::size_t good = field_text_.resolve(whole, parser_.fields(), escaped);
    if (good == whole.size()) return true;
    for (const Field& field : parser_.fields()) {
      if (field.text.data() > whole.data() + good) break;
      ++record_.column;
    }
    const std::uint64_t at = record_.byte_offset + window_.source_length(good);
    reject(RejectCode::bad_encoding, "Not valid UTF-8 at byte " + std::to_string(at) + ".");
    return false;
  }

  void keep_raw() {
    record_.raw = field_text_.raw(oversize_ ? std::string_view{long_start_} : text().substr(0, text_length_));
  }

  void skip(SkipReason reason) {
    record_.kind = RecordKind::skipped;
    record_.reason = reason;
    record_.repair = Repair::none;
    keep_raw();
  }

  void reject(RejectCode code, std::string message) {
    record_.kind = RecordKind::reject;
    record_.repair = Repair::none;
    record_.code = code;
    message_ = std::move(message);
    record_.message = message_;
    keep_raw();
  }

  std::uint64_t line_ends(std::string_view within) const {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < within.size(); ++i) {
      if (within[i] == '\n') {
        ++count;
      } else if (parser_.lone_cr() && within[i] == '\r' &&
                 !(i + 1 < within.size() && within[i + 1] == '\n')) {
        ++count;
      }
    }
    return count;
  }

  // ---- longer than a record may be ----

  // A record that is too long to keep, quoted fields over several lines included. False when its quotes do
  // not close: then only its first line is at fault.
  bool take_long_record() {
    const QuoteScan scan = scan_record(source_, dialect_, window_.offset(), scan_credit());
    const bool whole = scan.closed && (scan.lines == 1 || scan.fields == dialect_.width);
    if (!whole) {
      at_.scan_spent += scan.length;
      return false;
    }
    leave(scan.length, scan.lines);
    reject(RejectCode::too_long, record_.column == 0
                                     ? "The record is longer than 12 MiB."
                                     : "The record is longer than 12 MiB; a quoted field in it is long.");
    return true;
  }

  // Goes on behind a physical line of any length.
  void leave_long_line() {
    const QuoteScan scan = scan_line(source_, dialect_, window_.offset());
    leave(scan.length, 1);
  }

  void leave(std::uint64_t length, std::uint64_t lines) {
    long_start_ = std::string{text().substr(0, kRawBytesKept)};
    oversize_ = true;
    record_.fields = {};
    record_.byte_length = length;
    record_.last_line = record_.first_line + lines - 1;
    window_ = TextWindow{source_, dialect_.encoding, window_.offset() + length};
  }

  ByteSource& source_;
  Dialect dialect_;
  Position at_;
  std::uint64_t until_;
  RecordParser parser_;
  TextWindow window_;
  bool blank_lines_;  // a line of blanks and tabs is blank

  Record record_;
  std::size_t length_ = 0;       // of the record in the window, its end included
  std::size_t text_length_ = 0;  // without its end
  std::size_t looked_at_ = 0;    // how far the strict reading went
  bool unkept_filled_ = false;   // the strict reading has more fields than were kept, and not all are empty
  bool oversize_ = false;
  RejectCode trouble_ = RejectCode::stray_quote;
  RepairOutcome outcome_ = RepairOutcome::none;
  const std::vector<std::uint32_t>* escapes_ = nullptr;  // of a mended record
  std::vector<std::uint32_t> mended_escapes_;
  FieldText field_text_{parser_, dialect_.encoding};
  std::string message_;
  std::string long_start_;
};

Reader::Reader(ByteSource& source, const Dialect& dialect, const Position& start, std::uint64_t until)
    : impl_{std::make_unique<Impl>(source, dialect, start, until)} {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

const Record* Reader::next() {
  return impl_->next();
}
Position Reader::position() const {
  return impl_->position();
}
const Dialect& Reader::dialect() const {
  return impl_->dialect();
}

}  // namespace sluice::csv
