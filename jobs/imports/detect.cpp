// SPDX-License-Identifier: MIT
// Phase "detect": one pass over the whole file finds dialect, names, types, counts and blocks. It is not
// checkpointed: a stopped one begins anew.
#include <algorithm>

#include "core/base/error.hpp"
#include "core/csv/table_scan.hpp"
#include "core/db/block_table.hpp"
#include "core/db/import_findings.hpp"
#include "core/db/keep_alive.hpp"
#include "core/db/reject_table.hpp"
#include "jobs/imports/no_rows.hpp"
#include "jobs/imports/plan.hpp"
#include "jobs/imports/target.hpp"
#include "jobs/imports/work.hpp"

namespace sluice::imports {
namespace {

void require_text(const csv::DetectedDialect& detected) {
  if (detected.content != csv::Content::not_text) return;
  throw Error(Kind::invalid, "import.not_text", detected.reason,
              detected.reason.empty() ? "This is not a text file. Export it as CSV and upload that."
                                      : detected.reason);
}

[[noreturn]] void too_many_rejects(const csv::ScanCounts& counts, std::uint64_t limit) {
  const std::uint64_t rejected = counts.rejected();
  throw Error(Kind::invalid, "import.too_many_rejects", std::to_string(rejected) + " rejects",
              std::to_string(rejected) + " of " + std::to_string(counts.records) +
                  " records cannot be loaded, more than the " + std::to_string(limit) +
                  " that you allowed. Nothing was loaded.");
}

constexpr std::uint64_t kRejectsKept = 10'000;
constexpr std::uint32_t kRejectsPerDelete = 1000;

void forget_rejects(db::Connection& connection, std::uint64_t import_id) {
  while (db::delete_some_rejects(connection, import_id, kRejectsPerDelete) == kRejectsPerDelete) {
  }
}

/// For people who want to see, and mend, what made an import fail before it loaded anything.
template <typename Between>
void keep_rejects(db::Connection& connection, std::uint64_t import_id, csv::ByteSource& source,
                  const csv::Dialect& dialect, Between between) {
  forget_rejects(connection, import_id);
  db::RejectWriter rejects(connection, import_id);
  csv::Reader reader(source, dialect);
  std::uint64_t kept = 0, records = 0;
  while (const csv::Record* record = kept < kRejectsKept ? reader.next() : nullptr) {
    if (++records % 100 == 0) between();
    if (record->kind != csv::RecordKind::reject) continue;
    rejects.add(*record);
    ++kept;
  }
  rejects.flush();
}

/// A narrow range of dates reads whole blocks, and everybody who reads a range reads the index: a file of
/// some hundred blocks is good for both.
std::uint64_t block_bytes_of(std::uint64_t file_bytes) {
  return std::clamp<std::uint64_t>(file_bytes / 512, 256u << 10, 4u << 20);
}

Json sentences(const std::vector<std::string>& found, const std::vector<std::string>& ours) {
  Json list = Json::array();
  for (const std::string& notice : found) list.push(notice);
  for (const std::string& notice : ours) list.push(notice);
  return list;
}

}  // namespace

jobs::StepResult ImportWork::detect(jobs::Attempt& attempt) {
  db::Connection& connection = attempt.connection();
  const Target target = find_target(connection, owner(attempt), import_, options_);
  const auto source = open_source(attempt);
  const auto ahead = may_share(attempt) ? open_source(attempt) : nullptr;

  csv::ScanOptions scan;
  scan.overrides = options_.dialect;
  scan.block_bytes = pace_.block_bytes != 0 ? pace_.block_bytes : block_bytes_of(upload_.offset);
  scan.ahead = ahead.get();
  scan.types_as_text = options_.types_as_text && !target.append_to;
  scan.null_words = options_.null_words();
  scan.explain_text = !target.append_to;
  scan.keep_going = [&](std::uint64_t bytes_done) {
    jobs::Progress now = progress();
    now.bytes_done = bytes_done;
    attempt.report(now);
    return !attempt.stop_requested();
  };
  const auto run = [&] {
    auto report = csv::detect_table(*source, scan);
    if (!report) throw jobs::Stopped{};
    return std::move(*report);
  };
  csv::TableReport report = run();
  require_text(report.detected);
  Plan plan = target.append_to ? plan_append(*source, report, *target.append_to, options_)
                               : plan_new(report, options_);
  if (plan.scan_again) {
    scan.given_types = plan.file_types;
    scan.explain_text = false;
    csv::TableReport read = run();
    if (target.append_to) require_order(plan, read);
    report.blocks = std::move(read.blocks);
  }
  const auto stats = stats_of(plan, report);
  const auto blocks = numbered_blocks(std::move(report.blocks), plan);

  db::ImportFindings findings;
  findings.dialect = db::dialect_json(report.detected);
  findings.columns = db::to_json(plan.columns);
  findings.notices = sentences(report.notices, plan.notices);
  findings.has_header =
      report.detected.dialect.header_rows > 0 && report.detected.content != csv::Content::empty;
  findings.records = report.counts.records;
  findings.skipped = report.counts.all_skipped();
  findings.repaired = report.counts.repaired;

  const std::uint64_t allowed = options_.rejects_allowed(report.counts.records);
  // Whoever waits for a review may still find options that give rows.
  const bool none =
      report.counts.rows == 0 && report.counts.rejected() > 0 && must_give_rows() && !options_.review;
  if (report.counts.rejected() > allowed || none) {
    db::Transaction transaction(connection);
    db::record_findings(transaction, import_.id, findings);
    db::KeepAlive alive(connection);  // few rejects in a large file: nothing else is said for long
    keep_rejects(connection, import_.id, *source, report.detected.dialect, [&] {
      attempt.throw_if_stopped();
      alive.tick();
    });
    attempt.move_cursor(transaction, to_json(cursor_), progress());
    transaction.commit();
    if (must_give_rows()) require_rows(connection, import_.id, report.counts.rows, report.counts.rejected());
    too_many_rejects(report.counts, allowed);
  }
  cursor_.phase = options_.review && cursor_.detected_with.empty() ? Phase::review : Phase::target;
  cursor_.detected_with = import_.options.text();
  db::Transaction transaction(connection);
  db::record_findings(transaction, import_.id, findings);
  forget_rejects(connection, import_.id);
  db::replace_column_stats(transaction, import_.id, stats);
  db::replace_blocks(transaction, import_.id, blocks);
  import_.records = findings.records;
  if (cursor_.phase == Phase::review)
    attempt.rest_for_review(transaction, to_json(cursor_), progress());
  else
    attempt.move_cursor(transaction, to_json(cursor_), progress());
  transaction.commit();
  if (cursor_.phase == Phase::review) return jobs::StepResult::settled;
  import_.dialect = std::move(findings.dialect);
  import_.columns = std::move(findings.columns);
  import_.has_header = findings.has_header;
  return jobs::StepResult::more;
}

}  // namespace sluice::imports
