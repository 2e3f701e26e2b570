// SPDX-License-Identifier: MIT
// Verbs for imports without a runner: upload bytes, run the import's steps to the end, look at what is there.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "core/db/dataset_rows.hpp"
#include "core/db/import_table.hpp"
#include "core/db/upload_table.hpp"
#include "jobs/job.hpp"
#include "tests/integration/fixture.hpp"

namespace sluice::test {

using Lines = std::vector<std::string>;

/// `rows` records of id,name,day,price with one odd cell and one reject in every thousand.
std::string table(int rows);
/// What ImportFixture::rows gives of it.
Lines expected_rows(int rows);

/// Thrown in place of a kill -9; the test makes a new attempt then.
struct Killed {};

/// A hold on a job as the runner has one, but on one connection and without leases.
class TestAttempt final : public jobs::Attempt {
 public:
  TestAttempt(db::Connection& connection, const Config& config, const db::JobRef& job);
  const jobs::JobRecord& job() const override { return job_; }
  const Config& config() const override { return config_; }
  db::Connection& connection() override { return connection_; }
  bool stop_requested() const override { return stop; }
  void move_cursor(db::Transaction& transaction, const Json& cursor, const jobs::Progress& progress) override;
  void succeed(db::Transaction& transaction, const Json& result) override;
  void rest_for_review(db::Transaction& transaction, const Json& cursor,
                       const jobs::Progress& progress) override;
  void report(const jobs::Progress& progress) override;
  void set_interruptible(bool) override {}
  void add_connection(db::Connection&) override { ++beside; }
  void remove_connection(const db::Connection&) override { --beside; }

  std::atomic<bool> stop = false;
  std::function<void()> before_fence;  ///< runs in place of the fence's start; may throw Killed
  std::vector<std::string> phases;     ///< of each checkpoint
  bool rested = false;
  std::atomic<int> beside = 0;  ///< connections that work besides the attempt's own

 private:
  void fence(db::Transaction& transaction, const char* sql, const Json& json);
  db::Connection& connection_;
  const Config& config_;
  jobs::JobRecord job_;
};

struct ImportFixture : Database {
  ImportFixture();

  /// A complete upload whose bytes lie in pieces of `piece` bytes.
  db::Upload upload(const std::string& bytes, const std::string& filename = "sales.csv",
                    std::size_t piece = 1u << 20, bool concatenated = false);
  struct Job {
    db::JobRef job;
    db::ImportRef import;
  };
  Job queue(const db::Upload& upload, const Json& options = Json::object(),
            std::optional<std::uint64_t> replaces = {});
  /// Steps until the job has succeeded or rests. Errors of the import pass through.
  void run(const Job& job);
  /// upload, queue, run.
  Job import(const std::string& bytes, const Json& options = Json::object(),
             const std::string& filename = "sales.csv");

  db::Import import_row(const Job& job) { return *db::find_import(connection, job.import.id); }
  db::Dataset dataset_of(const Job& job) {
    return *db::load_dataset(connection, *import_row(job).dataset_id);
  }
  /// All rows of the dataset, each a line: cells joined by `|`, a bare empty field as `~`.
  std::vector<std::string> rows(const db::Dataset& dataset, db::Values values = db::Values::as_uploaded,
                                std::optional<db::DateRange> range = {},
                                std::uint64_t page = db::DatasetRows::kRowsPerPage);
  std::string state_of(const Job& job) {
    return text("SELECT state FROM jobs WHERE id = " + std::to_string(job.job.id));
  }

  TemporaryFolder folder;
  Config settings;
};

}  // namespace sluice::test
