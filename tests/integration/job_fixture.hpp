// SPDX-License-Identifier: MIT
// A database without any job, and verbs for tests of the job engine.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/db/counter_table.hpp"
#include "core/db/job_choice.hpp"
#include "core/db/job_lease_table.hpp"
#include "core/db/job_table.hpp"
#include "core/job/measures.hpp"
#include "jobs/runner.hpp"
#include "tests/integration/fixture.hpp"

namespace sluice::test {

/// Calls `condition` until it is true; false when that takes longer than `within`.
bool reached(const std::function<bool()>& condition, std::chrono::seconds within = std::chrono::seconds{30});

struct JobDatabase : Database {
  JobDatabase();

  db::JobRef queue(job::JobKind kind = job::JobKind::imports, int priority = 5);
  db::JobRef queue_for(const Actor& who, job::JobKind kind = job::JobKind::imports, int priority = 5);
  Actor another_owner();
  /// A holder with a row in `runners` on an invented host, and the connection of this fixture.
  db::Holder holder(const std::string& host = "elsewhere");
  db::JobRow row(std::uint64_t id);
  std::string state(std::uint64_t id) { return std::string(job::name_of(row(id).state)); }
  std::vector<std::string> events(std::uint64_t id);
  std::optional<db::LeasedJob> claim(const db::Holder& holder, bool quarantine = false, int owner_jobs = 5);
  db::WishResult wish(const db::JobRef& job, db::Wish what);
  /// As if it had been due for so long already.
  void age(const db::JobRef& job, int seconds);
  /// What the runners have counted; those that still run may not have added theirs.
  double counted(const job::Measure& measure, const std::string& part = "");
  /// One settlement or other change in a transaction of its own; what it returned.
  bool change(const std::function<bool(db::Transaction&)>& work);
};

db::Lease lease_of(const db::LeasedJob& job);
db::ClaimRules all_kinds_rules(bool quarantine = false, int owner_jobs = 5);

/// A kind whose job does what the test says, step by step: each step writes one line of table `test_effects`
/// with the cursor, both in one commit.
class ScriptedKind : public jobs::Kind {
 public:
  struct Script {
    std::atomic<int> steps{10};
    std::atomic<int> step_ms{0};                      ///< work within each step, looked up every few ms
    std::function<void(jobs::Attempt&, int)> before;  ///< before the effect of a step
    std::function<void(jobs::Attempt&, int)> after;   ///< after its commit
    std::function<jobs::StepResult(jobs::Attempt&)> instead;  ///< replaces everything
    std::atomic<std::uint64_t> memory_bytes{1};
    std::atomic<int> cleaned{0};
    std::atomic<int> opened{0};
  };
  explicit ScriptedKind(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  std::unique_ptr<jobs::Work> open(jobs::Attempt& attempt) override;
  std::uint64_t memory_bytes() const override { return script_->memory_bytes; }
  void clean_up(db::Connection& connection, const Config& config, const jobs::JobRecord& job) override;

 private:
  std::shared_ptr<Script> script_;
};

/// Runners with the scripted kind, short intervals and a run folder of their own.
struct Workshop : JobDatabase {
  Workshop();
  ~Workshop();
  jobs::Runner& start(const std::string& name = "runner_00", int slots = 2, bool quarantine = false);
  void stop_all();
  std::uint64_t effects(const db::JobRef& job);
  bool ends_as(const db::JobRef& job, const std::string& wanted);
  /// The wish, and its signal or ring as the API sends them.
  db::WishResult ask(const db::JobRef& job, db::Wish what);
  db::JobRef submit();

  std::shared_ptr<ScriptedKind::Script> script = std::make_shared<ScriptedKind::Script>();
  TemporaryFolder folder;
  Config settings;
  jobs::Times times;
  int next_slot = 0;

 private:
  std::vector<std::unique_ptr<jobs::Kinds>> kinds_;
  std::vector<std::unique_ptr<jobs::Runner>> runners_;
};

/// A step that does not look up until it is told to go on.
struct BusyWork {
  explicit BusyWork(Workshop& shop);
  std::atomic<bool> inside{false};
  std::atomic<bool> go_on{false};
};

}  // namespace sluice::test
