// SPDX-License-Identifier: MIT
#include "tests/integration/import_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "core/db/job_table.hpp"

namespace sluice::test {

std::string table(int rows) {
  std::string csv = "id,name,day,price\n";
  for (int i = 1; i <= rows; ++i) {
    if (i % 1000 == 500) {
      csv += std::to_string(i) + ",too,many,fields,here\n";
      continue;
    }
    const std::string day = "2017-" + std::string(i % 12 < 9 ? "0" : "") + std::to_string(i % 12 + 1) + "-15";
    csv += std::to_string(i) + ",name " + std::to_string(i) + "," + day + "," +
           (i % 1000 == 7 ? " 1.50" : "1.50") + "\n";
  }
  return csv;
}

Lines expected_rows(int rows) {
  Lines lines;
  for (int i = 1; i <= rows; ++i) {
    if (i % 1000 == 500) continue;
    const std::string day = "2017-" + std::string(i % 12 < 9 ? "0" : "") + std::to_string(i % 12 + 1) + "-15";
    lines.push_back(std::to_string(i) + "|name " + std::to_string(i) + "|" + day + "|" +
                    (i % 1000 == 7 ? " 1.50" : "1.50"));
  }
  return lines;
}

TestAttempt::TestAttempt(db::Connection& connection, const Config& config, const db::JobRef& job)
    : connection_(connection), config_(config) {
  const auto row =
      connection.select_one("SELECT owner_id, cursor_json, run_no, epoch FROM jobs WHERE id = ?", {job.id});
  job_.id = job.id;
  job_.uid = job.uid;
  job_.owner_id = row->u64(0);
  if (!row->is_null(1)) job_.cursor = parse_stored_json(row->text(1));
  job_.run_no = static_cast<int>(row->i64(2));
  job_.epoch = row->u64(3) + 1;
  connection.execute("UPDATE jobs SET epoch = ?, state = 'running' WHERE id = ?", {job_.epoch, job.id});
}

void TestAttempt::fence(db::Transaction& transaction, const char* sql, const Json& json) {
  if (before_fence) before_fence();
  if (transaction.connection().execute(sql, {json.text(), job_.id, job_.epoch}).rows != 1)
    throw Error(Kind::lost, "attempt.lost", "the test's job");
}

void TestAttempt::move_cursor(db::Transaction& transaction, const Json& cursor,
                              const jobs::Progress& progress) {
  phases.push_back(progress.phase);
  fence(transaction, "UPDATE jobs SET cursor_json = ?, lease_seq = lease_seq + 1 WHERE id = ? AND epoch = ?",
        cursor);
}

void TestAttempt::succeed(db::Transaction& transaction, const Json& result) {
  phases.push_back("succeeded");
  fence(transaction, "UPDATE jobs SET result = ?, state = 'succeeded' WHERE id = ? AND epoch = ?", result);
}

void TestAttempt::rest_for_review(db::Transaction& transaction, const Json& cursor,
                                  const jobs::Progress& progress) {
  phases.push_back(progress.phase);
  fence(transaction,
        "UPDATE jobs SET cursor_json = ?, state = 'paused', phase = 'review' WHERE id = ? AND epoch = ?",
        cursor);
  rested = true;
}

void TestAttempt::report(const jobs::Progress& progress) {
  phases.push_back(progress.phase);
}

ImportFixture::ImportFixture() : settings(test::config()) {
  settings.data_dir = folder.path();
}

db::Upload ImportFixture::upload(const std::string& bytes, const std::string& filename, std::size_t piece,
                                 bool concatenated) {
  db::Transaction transaction(connection);
  db::NewUpload wanted;
  wanted.concat = concatenated ? db::Concat::final : db::Concat::no;
  wanted.length = bytes.size();
  wanted.boot_id = std::string(16, 'b');
  wanted.filename = filename;
  wanted.ttl_s = 3600;
  const db::Upload made = db::insert_upload(transaction, actor, wanted);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const std::string part = bytes.substr(at, piece);
    const std::string name = made.uid.hex() + "/" + std::to_string(at);
    std::filesystem::create_directories(settings.pieces_dir() + "/" + made.uid.hex());
    std::ofstream(settings.pieces_dir() + "/" + name, std::ios::binary) << part;
    db::Append append;
    append.upload_id = made.id;
    append.piece = {at, part.size(), name};
    append.boot_id = wanted.boot_id;
    append.ttl_s = 3600;
    if (!db::append_piece(transaction, append)) throw Error(Kind::internal, "test.upload", "no piece");
  }
  if (!db::complete_upload(transaction, made.id)) throw Error(Kind::internal, "test.upload", "not complete");
  transaction.commit();
  return *db::load_upload(connection, made.id);
}

ImportFixture::Job ImportFixture::queue(const db::Upload& upload, const Json& options,
                                        std::optional<std::uint64_t> replaces) {
  db::Transaction transaction(connection);
  Job job;
  job.job = db::insert_job(transaction, actor, {}).ref();
  job.import = db::insert_import(transaction, actor, job.job, upload.id, options, replaces);
  transaction.commit();
  return job;
}

namespace {

/// Line ends outside of quotes, told without the engine; nothing where that says little (UTF-16, a quote left
/// open).
std::optional<std::uint64_t> records_in(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  std::uint64_t records = 0;
  bool quoted = false, begun = false;
  for (const char c : bytes) {
    if (c == '\0') return std::nullopt;
    if (c == '"') quoted = !quoted;
    begun = c != '\n' || quoted;
    if (!begun) ++records;
  }
  if (quoted) return std::nullopt;
  return records + (begun ? 1 : 0);
}

}  // namespace

void ImportFixture::run(const Job& job) {
  TestAttempt attempt(connection, settings, job.job);
  const auto work = jobs::make_import_kind()->open(attempt);
  while (work->step(attempt) == jobs::StepResult::more) {
  }
}

ImportFixture::Job ImportFixture::import(const std::string& bytes, const Json& options,
                                         const std::string& filename) {
  const Job job = queue(upload(bytes, filename), options);
  run(job);
  const db::Import row = import_row(job);
  if (const auto records = records_in(bytes); records && row.published_at)
    BOOST_TEST(row.loaded + row.rejected + row.skipped == *records,
               "every record of " << bytes.substr(0, 200));
  return job;
}

std::vector<std::string> ImportFixture::rows(const db::Dataset& dataset, db::Values values,
                                             std::optional<db::DateRange> range, std::uint64_t page) {
  db::RowsRequest request;
  request.data_database = settings.data_database();
  request.dataset = dataset;
  request.import_ids = db::published_import_ids(connection, dataset.id);
  request.values = values;
  request.range = range;
  db::DatasetRows reader(connection, request);
  std::vector<std::string> lines;
  const auto sink = [&](const db::RowKey&, std::span<const db::RowCell> cells) {
    std::string line;
    for (const auto& cell : cells) {
      if (&cell != cells.data()) line += "|";
      line += cell.null ? "~" : std::string(cell.text);
    }
    lines.push_back(line);
  };
  while (reader.next_page(sink, page)) {
  }
  return lines;
}

}  // namespace sluice::test
