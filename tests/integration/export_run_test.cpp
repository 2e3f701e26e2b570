// SPDX-License-Identifier: MIT
// Whole exports against MariaDB: what the file holds, and that an export killed anywhere comes to the same
// bytes.
#include <sys/stat.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/digest.hpp"
#include "core/db/export_estimate.hpp"
#include "core/db/export_table.hpp"
#include "core/db/import_table.hpp"
#include "core/db/job_table.hpp"
#include "jobs/exports/work.hpp"
#include "tests/integration/import_fixture.hpp"
#include "tests/integration/step_attempt.hpp"

using namespace sluice;
using test::StepAttempt;
using test::work_on;

namespace {

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

struct Exports : test::ImportFixture {
  Exports() { settings.min_free_disk = 1; }

  /// A checkpoint after each page, so that there is much to kill.
  test::OpenWork open() {
    return [](jobs::Attempt& attempt) {
      return std::make_unique<exports::ExportWork>(attempt,
                                                   exports::ExportWork::Pace{std::chrono::hours(1), 1, 10});
    };
  }

  std::uint64_t queue_export(const db::Dataset& dataset, db::ExportRequest request = {}) {
    request.dataset_uid = dataset.uid;
    request.dataset_name = dataset.name;
    db::Transaction transaction(connection);
    db::NewJob job;
    job.kind = job::JobKind::exports;
    const db::JobRef ref = db::insert_job(transaction, actor, job).ref();
    db::NewExport fresh;
    fresh.job_id = ref.id;
    fresh.dataset_id = dataset.id;
    fresh.request = to_json(request);
    fresh.request_sha256 = sha256(fresh.request.text());
    fresh.import_ids = db::published_import_ids(connection, dataset.id);
    db::insert_export(transaction, actor, fresh);
    transaction.commit();
    return ref.id;
  }

  bool run_export(std::uint64_t job) {
    StepAttempt attempt(connection, settings, job);
    return work_on(attempt, open());
  }

  db::Export row(std::uint64_t job) { return db::find_export(connection, job).value(); }
  std::string bytes(std::uint64_t job) {
    return read_file(settings.exports_dir() + "/" + row(job).file.value());
  }

  /// The file of an undisturbed export.
  std::string exported(const db::Dataset& dataset, const db::ExportRequest& request = {}) {
    const auto job = queue_export(dataset, request);
    BOOST_REQUIRE(run_export(job));
    return bytes(job);
  }

  std::size_t parts() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(settings.parts_dir()))
      ++count;
    return count;
  }
};

std::string sales(int rows) {
  std::string text = "day,amount,what\r\n";
  for (int i = 0; i < rows; ++i) {
    const int day = i % 28 + 1, month = i / 28 % 12 + 1;
    text += "2017-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + "-" +
            (day < 10 ? "0" : "") + std::to_string(day) + "," + std::to_string(i) + ".50,thing " +
            std::to_string(i % 5) + "\r\n";
  }
  return text;
}

db::ExportRequest between(const char* from, const char* to, const char* column = "day") {
  db::ExportRequest request;
  if (*from != 0) request.from = db::parse_full_date(from);
  if (*to != 0) request.to = db::parse_full_date(to);
  request.date_column = column;
  return request;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(export_run)

BOOST_FIXTURE_TEST_CASE(gives_back_what_was_uploaded, Exports) {
  const std::string file = sales(95);
  const db::Dataset dataset = dataset_of(import(file));
  const auto job = queue_export(dataset);
  BOOST_REQUIRE(run_export(job));
  BOOST_TEST(bytes(job) == file);
  const db::Export done = row(job);
  BOOST_TEST(done.rows.value() == 95u);
  BOOST_TEST(done.bytes.value() == file.size());
  BOOST_TEST(done.sha256.value() == sha256(file));
  BOOST_TEST(done.has_file());
  BOOST_TEST(parts() == 0u);
}

BOOST_FIXTURE_TEST_CASE(both_days_of_a_range_are_included, Exports) {
  const db::Dataset dataset = dataset_of(import(sales(95)));
  const std::string all = sales(95);
  const auto expected = [&](const std::string& from, const std::string& to) {
    std::istringstream lines(all);
    std::string line, out;
    std::getline(lines, line);
    out = line + "\n";
    while (std::getline(lines, line)) {
      const std::string day = line.substr(0, 10);
      if (day >= from && day <= to) out += line + "\n";
    }
    return out;
  };
  BOOST_TEST(exported(dataset, between("2017-02-03", "2017-03-04")) == expected("2017-02-03", "2017-03-04"));
  BOOST_TEST(exported(dataset, between("2017-02-03", "2017-02-03")) == expected("2017-02-03", "2017-02-03"));
  BOOST_TEST(exported(dataset, between("", "2017-01-02")) == expected("0000", "2017-01-02"));
  BOOST_TEST(exported(dataset, between("2017-04-01", "")) == expected("2017-04-01", "9999"));
  BOOST_TEST(exported(dataset, between("2020-01-01", "2020-12-31")) == "day,amount,what\r\n");
}

BOOST_FIXTURE_TEST_CASE(the_last_moment_of_the_last_day_is_included, Exports) {
  const db::Dataset dataset = dataset_of(import(
      "at,n\n2017-03-01 00:00:00,1\n2017-03-01 23:59:59,2\n2017-03-02 00:00:00,3\n2017-02-28 23:59:59,4\n"));
  BOOST_TEST(exported(dataset, between("2017-03-01", "2017-03-01", "at")) ==
             "at,n\r\n2017-03-01 00:00:00,1\r\n2017-03-01 23:59:59,2\r\n");
}

BOOST_FIXTURE_TEST_CASE(columns_are_chosen_and_ordered, Exports) {
  const db::Dataset dataset = dataset_of(import("a,b,c\n1,x,2017-01-02\n2,y,2017-01-03\n"));
  db::ExportRequest request;
  request.columns = std::vector<std::string>{"c", "a"};
  request.delimiter = ";";
  BOOST_TEST(exported(dataset, request) == "c;a\r\n2017-01-02;1\r\n2017-01-03;2\r\n");
  request.header = db::ExportHeader::no;
  BOOST_TEST(exported(dataset, request) == "2017-01-02;1\r\n2017-01-03;2\r\n");
}

BOOST_FIXTURE_TEST_CASE(typed_values_are_plain, Exports) {
  const db::Dataset dataset =
      dataset_of(import("day,price\n31.12.2016,\"$1,000.50\"\n01.02.2017,$7.25\n15.03.2017,$12.00\n"));
  db::ExportRequest request;
  request.values = db::Values::typed;
  BOOST_TEST(exported(dataset, request) ==
             "day,price\r\n2016-12-31,1000.50\r\n2017-02-01,7.25\r\n2017-03-15,12.00\r\n");
}

BOOST_FIXTURE_TEST_CASE(formulas_are_made_harmless_on_request_only, Exports) {
  const db::Dataset dataset = dataset_of(import("what,n\n=1+1,-5\nplain,7\n@x,8\n"));
  BOOST_TEST(exported(dataset) == "what,n\r\n=1+1,-5\r\nplain,7\r\n@x,8\r\n");
  db::ExportRequest request;
  request.formulas = csv::Formulas::escape;
  BOOST_TEST(exported(dataset, request) == "what,n\r\n\"'=1+1\",-5\r\nplain,7\r\n\"'@x\",8\r\n");
}

BOOST_FIXTURE_TEST_CASE(killed_at_any_commit_it_comes_to_the_same_bytes, Exports) {
  const db::Dataset dataset = dataset_of(import(sales(45)));
  for (const Compression compression : {Compression::none, Compression::gzip, Compression::zstd}) {
    db::ExportRequest request;
    request.compression = compression;
    const std::string expected = exported(dataset, request);
    for (int at = 1;; ++at) {
      const auto job = queue_export(dataset, request);
      StepAttempt first(connection, settings, job);
      first.dies_at_fence = at;
      const bool settled = work_on(first, open());
      BOOST_TEST(!(row(job).has_file() && !settled));
      if (!settled) BOOST_TEST(run_export(job));
      BOOST_TEST((bytes(job) == expected));
      BOOST_TEST(row(job).sha256.value() == sha256(expected));
      BOOST_TEST(parts() == 0u);
      if (settled) {
        BOOST_TEST(at > 4);
        break;
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(stopped_anywhere_it_goes_on_to_the_same_bytes, Exports) {
  const db::Dataset dataset = dataset_of(import(sales(45)));
  const std::string expected = exported(dataset);
  const auto job = queue_export(dataset);
  int attempts = 0;
  for (; attempts < 200; ++attempts) {
    StepAttempt attempt(connection, settings, job);
    attempt.looks_left = 4;
    if (work_on(attempt, open())) break;
  }
  BOOST_TEST(attempts > 1);
  BOOST_TEST(bytes(job) == expected);
}

BOOST_FIXTURE_TEST_CASE(a_part_that_was_damaged_is_begun_again, Exports) {
  const db::Dataset dataset = dataset_of(import(sales(45)));
  const auto job = queue_export(dataset);
  StepAttempt first(connection, settings, job);
  BOOST_TEST(!work_on(first, open(), 3));
  for (const auto& part : std::filesystem::directory_iterator(settings.parts_dir())) {
    std::fstream(part.path(), std::ios::in | std::ios::out | std::ios::binary) << "XX";
  }
  BOOST_TEST(run_export(job));
  BOOST_TEST(bytes(job) == sales(45));
}

BOOST_FIXTURE_TEST_CASE(a_replaced_holder_publishes_nothing, Exports) {
  const db::Dataset dataset = dataset_of(import(sales(45)));
  const auto job = queue_export(dataset);
  StepAttempt old(connection, settings, job);
  const auto work = open()(old);
  work->step(old);
  BOOST_TEST(run_export(job));
  const std::string file = row(job).file.value();
  BOOST_CHECK_THROW(while (work->step(old) == jobs::StepResult::more){}, Error);
  BOOST_TEST(row(job).file.value() == file);
  BOOST_TEST(bytes(job) == sales(45));
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_export_leaves_no_file, Exports) {
  const db::Dataset dataset = dataset_of(import(sales(45)));
  const auto job = queue_export(dataset);
  StepAttempt attempt(connection, settings, job);
  BOOST_TEST(!work_on(attempt, open(), 2));
  BOOST_TEST(parts() == 1u);
  jobs::make_export_kind()->clean_up(connection, settings, attempt.job());
  BOOST_TEST(parts() == 0u);
  BOOST_TEST(!row(job).part.has_value());
}

// A holder that was replaced before its first checkpoint finds nobody who would take its part away.
BOOST_FIXTURE_TEST_CASE(a_part_that_no_checkpoint_counts_goes_with_its_holder, Exports) {
  const db::Dataset dataset = dataset_of(import(sales(45)));
  const auto job = queue_export(dataset);
  for (const int fence : {1, 3}) {
    StepAttempt attempt(connection, settings, job);
    attempt.dies_at_fence = fence;
    BOOST_TEST(!work_on(attempt, open()));
    BOOST_TEST(parts() == (fence == 1 ? 0u : 1u));
  }
  StepAttempt stopped(connection, settings, job);
  stopped.looks_left = 2;  // while it copies what the checkpoint counts, or right behind
  BOOST_TEST(!work_on(stopped, open()));
  BOOST_TEST(parts() == 1u);
  BOOST_REQUIRE(run_export(job));
  BOOST_TEST(bytes(job) == sales(45));
  BOOST_TEST(parts() == 0u);
}

BOOST_FIXTURE_TEST_CASE(all_files_of_one_export_are_removed_and_no_other, Exports) {
  namespace fs = std::filesystem;
  const storage::ExportFolder folder{settings.exports_dir(), 1};
  const Uid mine = Uid::random(), other = Uid::random();
  const auto finish = [&](const Uid& uid, std::uint64_t epoch, Compression compression) {
    storage::ExportFile file(folder, uid, epoch);
    file.append("x");
    return fs::path(folder.folder) / file.publish(compression).name;
  };
  const auto begin = [&](const Uid& uid, std::uint64_t epoch) {
    storage::ExportFile file(folder, uid, epoch);
    file.append("x");
    file.keep();
    return fs::path(settings.parts_dir()) / (uid.hex() + "." + std::to_string(epoch));
  };
  const std::vector<fs::path> gone{finish(mine, 1, Compression::none), finish(mine, 2, Compression::gzip),
                                   finish(mine, 3, Compression::zstd), begin(mine, 1), begin(mine, 3)};
  const std::vector<fs::path> kept{finish(mine, 4, Compression::none), begin(mine, 10),
                                   finish(other, 1, Compression::none), begin(other, 2)};
  for (int times = 0; times < 2; ++times) storage::ExportFile::remove(folder, mine, 3);
  for (const auto& path : gone) BOOST_TEST(!fs::exists(path), path);
  for (const auto& path : kept) BOOST_TEST(fs::exists(path), path);
}

BOOST_FIXTURE_TEST_CASE(small_and_large_files_take_no_more_room_than_they_have_bytes, Exports) {
  namespace fs = std::filesystem;
  const storage::ExportFolder folder{settings.exports_dir(), 1};
  for (const std::size_t bytes : {std::size_t{10}, std::size_t{1} << 20, (std::size_t{3} << 20) + 1}) {
    storage::ExportFile file(folder, Uid::random(), 1);
    const std::string piece(std::min<std::size_t>(bytes, 256u << 10), 'x');
    for (std::size_t at = 0; at < bytes; at += piece.size())
      file.append(std::string_view(piece).substr(0, bytes - at));
    const fs::path path = fs::path(folder.folder) / file.publish(Compression::none).name;
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST(static_cast<std::size_t>(status.st_size) == bytes);
    BOOST_TEST(static_cast<std::size_t>(status.st_blocks) * 512 < bytes + (64u << 10));
  }
}

BOOST_FIXTURE_TEST_CASE(later_imports_are_not_in_an_export_that_has_begun, Exports) {
  const Job first = import("n\n1\n2\n3\n");
  const db::Dataset dataset = dataset_of(first);
  const auto job = queue_export(dataset);
  import("n\n4\n5\n6\n", Json::object({{"dataset", dataset.name}, { "mode", "append" }}));
  BOOST_TEST(run_export(job));
  BOOST_TEST(bytes(job) == "n\r\n1\r\n2\r\n3\r\n");
  BOOST_TEST(exported(dataset) == "n\r\n1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n");
  const auto imports = db::published_import_ids(connection, dataset.id);
  BOOST_TEST(!db::import_is_pinned(connection, dataset.id, imports[0]));
  queue_export(dataset);
  BOOST_TEST(db::import_is_pinned(connection, dataset.id, imports[1]));
  BOOST_TEST(db::dataset_is_pinned(connection, dataset.id));
}

BOOST_FIXTURE_TEST_CASE(a_dataset_that_is_deleted_meanwhile_is_exported_to_its_end, Exports) {
  const db::Dataset dataset = dataset_of(import(sales(45)));
  const auto job = queue_export(dataset);
  StepAttempt first(connection, settings, job);
  BOOST_TEST(!work_on(first, open(), 2));
  {
    db::Transaction transaction(connection);
    db::hide_imports_of_dataset(transaction, dataset.id);
    db::delete_dataset(transaction, dataset.id);
    transaction.commit();
  }
  BOOST_TEST(!db::load_dataset(connection, dataset.id).has_value());
  BOOST_TEST(db::dataset_is_pinned(connection, dataset.id));
  BOOST_TEST(run_export(job));
  BOOST_TEST(bytes(job) == sales(45));
}

BOOST_FIXTURE_TEST_CASE(an_estimate_tells_rows_and_bytes, Exports) {
  const std::string file = sales(336);  // each day of 2017 up to the 28th, once
  const db::Dataset dataset = dataset_of(import(file));
  const auto imports = db::published_import_ids(connection, dataset.id);
  const auto estimate = [&](const db::ExportRequest& request) {
    return db::estimate_export(connection, dataset, imports, request);
  };
  const db::ExportEstimate all = estimate({});
  BOOST_TEST(all.rows == 336u);
  BOOST_TEST(all.rows_exact);
  BOOST_TEST(all.bytes == file.size());
  db::ExportRequest one_column;
  one_column.columns = std::vector<std::string>{"what"};
  BOOST_TEST(estimate(one_column).bytes - file.size() / 3 <= 1u);
  const db::ExportEstimate half = estimate(between("2017-07-01", "2017-12-31"));
  BOOST_TEST(!half.rows_exact);
  BOOST_TEST(half.rows > 140u);
  BOOST_TEST(half.rows < 196u);
  BOOST_TEST(estimate(between("2020-01-01", "")).rows == 0u);
  BOOST_TEST(estimate(between("2017-01-01", "2017-12-31")).rows == 336u);
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_waits_and_does_not_fail, Exports) {
  const db::Dataset dataset = dataset_of(import(sales(5)));
  settings.min_free_disk = std::uint64_t{1} << 60;
  const auto job = queue_export(dataset);
  try {
    run_export(job);
    BOOST_ERROR("there was room");
  } catch (const Error& error) {
    BOOST_TEST(error.code() == "job.disk_full");
    BOOST_TEST((error.kind() == Kind::no_space));
  }
  settings.min_free_disk = 1;
  BOOST_TEST(run_export(job));
  BOOST_TEST(bytes(job) == sales(5));
}

BOOST_AUTO_TEST_SUITE_END()
