// SPDX-License-Identifier: MIT
// A record is first read as RFC 4180 says. Only when that does not give exactly `width` fields does the
// reader look closer, and then at one physical line: an unclosed quote never swallows the lines below it.
#include "core/csv/reader.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/csv/field_text.hpp"
#include "core/csv/front_record.hpp"
#include "core/csv/record_repair.hpp"

namespace sluice::csv {

namespace {

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
      : dialect_{dialect},
        at_{start_of_text(dialect, start)},
        until_{until},
        front_{source, dialect_, at_.offset},
        blank_lines_{dialect.delimiter.empty() ||
                     (dialect.delimiter[0] != ' ' && dialect.delimiter[0] != '\t')} {}

  const Record* next() {
    if (at_.offset >= until_) return nullptr;
    if (!front_.begin()) return nullptr;
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

  std::string_view raw() {
    if (record_.kind == RecordKind::row && record_.raw.empty())
      record_.raw = field_text_.raw(front_.text_left());
    return record_.raw;
  }

  Position position() const { return at_; }
  const Dialect& dialect() const { return dialect_; }

 private:
  static Position start_of_text(const Dialect& dialect, Position start) {
    if (start.offset < dialect.bom_bytes) start.offset = dialect.bom_bytes;
    return start;
  }

  void begin_record() {
    record_ = {};
    record_.record_no = at_.records + 1;
    record_.first_line = at_.line;
    record_.byte_offset = at_.offset;
    field_text_.clear();
  }

  void end_record() {
    record_.last_line = record_.first_line + front_.lines() - 1;
    record_.byte_length = front_.end();
    at_.offset = front_.offset();
    at_.line = record_.last_line + 1;
    at_.records = record_.record_no;
    if (record_.kind == RecordKind::row) record_.row_no = ++at_.rows;
    if (record_.kind == RecordKind::skipped && record_.reason == SkipReason::header) ++at_.headers;
  }

  void take_line() {
    if (!front_.find_line()) front_.take_long_line();
  }

  bool take_blank_or_comment() {
    if (dialect_.comment != 0 && front_.ahead()[0] == dialect_.comment) {
      take_line();
      skip(SkipReason::comment);
      return true;
    }
    const char first = front_.ahead()[0];
    if (first != '\n' && first != '\r' && !(blank_lines_ && (first == ' ' || first == '\t'))) return false;
    if (front_.ahead().size() < 2) front_.look_further();
    const std::string_view ahead = front_.ahead();
    const std::string_view rest = blank_lines_ ? skip_blanks(ahead.substr(0, 4096)) : ahead;
    if (rest.empty()) {
      if (!front_.find_line() || !skip_blanks(front_.text()).empty()) return false;
    } else if (rest[0] != '\n' && rest[0] != '\r') {
      return false;
    } else if (rest[0] == '\r' && !front_.parser().lone_cr() && !(rest.size() > 1 && rest[1] == '\n')) {
      return false;
    } else if (!front_.find_line()) {
      return false;
    }
    skip(SkipReason::blank);
    return true;
  }

  // ---- taking records ----

  std::uint64_t scan_credit() const {
    const std::uint64_t earned = scan_allowance(at_.offset);
    return earned > at_.scan_spent ? earned - at_.scan_spent : 0;
  }

  bool read_strictly() {
    if (front_.read_strictly(scan_credit())) return true;
    record_.column = front_.column();
    return false;
  }

  void take_record() {
    const bool header = at_.headers < dialect_.header_rows;
    const bool read = read_strictly();
    trouble_ = front_.trouble();
    if (!read && trouble_ == RejectCode::too_long) {
      if (take_long_record()) return;
      trouble_ = RejectCode::unclosed_quote;
      mend(header);
      return;
    }
    const bool spans = read && front_.lines() > 1;
    const std::size_t width = dialect_.width;
    const std::size_t count = fields().size();
    const bool bare_quote = front_.parser().has_bare_quote();
    if (read && (!spans || (count == width && !bare_quote))) {
      // A clean reading with another number of fields is no matter of quotes.
      if (count == width || !bare_quote || surplus_is_empty()) {
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
    if (fields().size() <= dialect_.width || front_.unkept_filled()) return false;
    return std::all_of(fields().begin() + dialect_.width, fields().end(),
                       [](const Field& field) { return field.text.empty(); });
  }
  std::vector<Field>& fields() { return front_.parser().fields(); }
  const std::vector<Field>& fields() const { return front_.parser().fields(); }

  // Looks at the first physical line alone. False when it cannot be read with `width` fields.
  bool try_mend(bool header) {
    if (!front_.find_line()) return false;
    if (front_.looked_at() > front_.length()) at_.scan_spent += front_.looked_at() - front_.length();
    outcome_ = repair_line(front_.parser(), front_.text(), dialect_.width, fields(), mended_escapes_);
    if (outcome_ != RepairOutcome::found) return false;
    escapes_ = &mended_escapes_;
    accept(header, Repair::literal_quote);
    return true;
  }

  void mend(bool header) {
    if (try_mend(header)) return;
    if (front_.length() == 0) {
      front_.take_long_line();
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
    std::vector<Field>& fields = this->fields();
    const std::size_t width = dialect_.width;
    if (header) {
      record_.fields = fields;
      skip(SkipReason::header);
      return;
    }
    if (front_.text().size() > kMaxFieldBytes &&
        std::any_of(fields.begin(), fields.end(),
                    [](const Field& f) { return f.text.size() > kMaxFieldBytes; })) {
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
    if (!read_strictly() && !front_.find_line()) front_.take_long_line();
    skip(SkipReason::second_table);
  }

  // ---- what became of the record ----

  // The fields as UTF-8 without escapes. False when the record is not valid UTF-8: then it is a reject.
  bool resolve() {
    const std::string_view whole = front_.text();
    const std::vector<std::uint32_t>& escaped = escapes_ != nullptr ? *escapes_ : front_.parser().escaped();
    escapes_ = nullptr;
    const std::size_t good = field_text_.resolve(whole, fields(), escaped);
    if (good == whole.size()) return true;
    for (const Field& field : fields()) {
      if (field.text.data() > whole.data() + good) break;
      ++record_.column;
    }
    reject(RejectCode::bad_encoding,
           "Not valid UTF-8 at byte " + std::to_string(front_.source_offset(good)) + ".");
    return false;
  }

  void keep_raw() { record_.raw = field_text_.raw(front_.text()); }

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

  bool take_long_record() {
    std::uint64_t spent = 0;
    const bool taken = front_.take_long_record(scan_credit(), spent);
    at_.scan_spent += spent;
    if (taken)
      reject(RejectCode::too_long, record_.column == 0
                                       ? "The record is longer than 12 MiB."
                                       : "The record is longer than 12 MiB; a quoted field in it is long.");
    return taken;
  }

  Dialect dialect_;
  Position at_;
  std::uint64_t until_;
  FrontRecord front_;
  bool blank_lines_;  // a line of blanks and tabs is blank

  Record record_;
  RejectCode trouble_ = RejectCode::stray_quote;
  RepairOutcome outcome_ = RepairOutcome::none;
  const std::vector<std::uint32_t>* escapes_ = nullptr;  // of a mended record
  std::vector<std::uint32_t> mended_escapes_;
  FieldText field_text_{front_.parser(), dialect_.encoding};
  std::string message_;
};

Reader::Reader(ByteSource& source, const Dialect& dialect, const Position& start, std::uint64_t until)
    : impl_{std::make_unique<Impl>(source, dialect, start, until)} {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

const Record* Reader::next() {
  return impl_->next();
}
std::string_view Reader::raw() {
  return impl_->raw();
}
Position Reader::position() const {
  return impl_->position();
}
const Dialect& Reader::dialect() const {
  return impl_->dialect();
}
std::uint64_t Reader::scan_allowance(std::uint64_t offset) {
  return kScanAllowance + 4 * offset;
}

}  // namespace sluice::csv
