// SPDX-License-Identifier: MIT
#include "tests/integration/job_fixture.hpp"

#include <thread>

#include "core/db/job_event_table.hpp"
#include "core/db/runner_table.hpp"
#include "core/queue/signals.hpp"

namespace sluice::test {

using namespace std::chrono_literals;

bool reached(const std::function<bool()>& condition, std::chrono::seconds within) {
  const auto deadline = BootClock::now() + within;
  while (!condition()) {
    if (BootClock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);  // the pace of looking, not what decides
  }
  return true;
}

JobDatabase::JobDatabase() {
  for (const char* table : {"jobs", "job_events", "owner_load", "runners", "counters"})
    connection.run(std::string("DELETE FROM ") + table);
}

db::JobRef JobDatabase::queue_for(const Actor& who, job::JobKind kind, int priority) {
  db::Transaction transaction(connection);
  db::NewJob job;
  job.kind = kind;
  job.priority = priority;
  const auto ref = db::insert_job(transaction, who, job).ref();
  transaction.commit();
  return ref;
}

db::JobRef JobDatabase::queue(job::JobKind kind, int priority) {
  return queue_for(actor, kind, priority);
}

Actor JobDatabase::another_owner() {
  return Database().actor;
}

db::Holder JobDatabase::holder(const std::string& host) {
  return {db::register_runner(connection, {"runner_99", host, 99, 1, Uid::random(), "test"}), connection.id(),
          "runner_99"};
}

db::JobRow JobDatabase::row(std::uint64_t id) {
  return db::find_job_by_id(connection, id).value();
}

std::vector<std::string> JobDatabase::events(std::uint64_t id) {
  std::vector<std::string> names;
  for (const auto& event : db::list_job_events(connection, id, 0, 1000)) names.push_back(event.event);
  return names;
}

db::ClaimRules all_kinds_rules(bool quarantine, int owner_jobs) {
  return {{job::JobKind::imports, job::JobKind::team, job::JobKind::exports, job::JobKind::sweep},
          quarantine,
          owner_jobs,
          std::nullopt,
          {}};
}

void JobDatabase::age(const db::JobRef& job, int seconds) {
  connection.execute("UPDATE jobs SET due_at = due_at - INTERVAL ? SECOND WHERE id = ?", {seconds, job.id});
}

double JobDatabase::counted(const job::Measure& measure, const std::string& part) {
  for (const auto& each : db::all_counted(connection))
    if (each.name == measure.name && each.part == part) return each.value;
  return 0;
}

std::optional<db::LeasedJob> JobDatabase::claim(const db::Holder& holder, bool quarantine, int owner_jobs) {
  return db::claim_job(connection, holder, all_kinds_rules(quarantine, owner_jobs));
}

db::WishResult JobDatabase::wish(const db::JobRef& job, db::Wish what) {
  return db::apply_wish(connection, actor, job.uid, what).value();
}

bool JobDatabase::change(const std::function<bool(db::Transaction&)>& work) {
  db::Transaction transaction(connection);
  const bool done = work(transaction);
  transaction.commit();
  return done;
}

db::Lease lease_of(const db::LeasedJob& job) {
  return {job.id, job.epoch, job.owner_id, "runner_99"};
}

namespace {

class ScriptedWork : public jobs::Work {
 public:
  ScriptedWork(std::shared_ptr<ScriptedKind::Script> script, jobs::Attempt& attempt)
      : script_(std::move(script)) {
    if (attempt.job().cursor) done_ = static_cast<int>(attempt.job().cursor->at("done").i64());
  }

  jobs::StepResult step(jobs::Attempt& attempt) override {
    if (script_->instead) return script_->instead(attempt);
    if (done_ == script_->steps) {
      db::Transaction transaction(attempt.connection());
      attempt.succeed(transaction, Json::object({{"steps", done_}}));
      transaction.commit();
      return jobs::StepResult::settled;
    }
    if (script_->before) script_->before(attempt, done_);
    for (auto until = BootClock::now() + std::chrono::milliseconds{script_->step_ms};
         BootClock::now() < until;) {
      attempt.throw_if_stopped();
      std::this_thread::sleep_for(1ms);  // stands for work
    }
    db::Transaction transaction(attempt.connection());
    attempt.connection().execute("INSERT INTO sluice_data.test_effects(job_id, step) VALUES(?, ?)",
                                 {attempt.job().id, done_});
    attempt.move_cursor(transaction, Json::object({{"done", done_ + 1}}),
                        {"load",
                         static_cast<std::uint64_t>(done_ + 1),
                         static_cast<std::uint64_t>(script_->steps.load()),
                         0,
                         {}});
    transaction.commit();
    ++done_;
    if (script_->after) script_->after(attempt, done_);
    return jobs::StepResult::more;
  }

 private:
  std::shared_ptr<ScriptedKind::Script> script_;
  int done_ = 0;
};

}  // namespace

std::unique_ptr<jobs::Work> ScriptedKind::open(jobs::Attempt& attempt) {
  ++script_->opened;
  return std::make_unique<ScriptedWork>(script_, attempt);
}

void ScriptedKind::clean_up(db::Connection& connection, const Config&, const jobs::JobRecord& job) {
  connection.execute("DELETE FROM sluice_data.test_effects WHERE job_id = ?", {job.id});
  ++script_->cleaned;
}

Workshop::Workshop() : settings(config()) {
  connection.run(
      "CREATE TABLE IF NOT EXISTS sluice_data.test_effects(job_id BIGINT UNSIGNED, step INT, PRIMARY "
      "KEY(job_id, step)) "
      "ENGINE=InnoDB");
  settings.run_dir = folder.path();
  settings.job_memory = 0;  // what the sanitizers hold says nothing
  settings.data_dir = folder.path();
  times.retry_base = 50ms;
  times.no_room = 50ms;
  times.clean_up = 100ms;
}

Workshop::~Workshop() {
  stop_all();
}

jobs::Runner& Workshop::start(const std::string& name, int slots, bool quarantine) {
  auto kinds = std::make_unique<jobs::Kinds>();
  kinds->add(job::JobKind::imports, std::make_unique<ScriptedKind>(script));
  jobs::RunnerOptions options;
  options.name = name;
  options.slots = slots;
  options.first_slot = next_slot;
  options.quarantine = quarantine;
  options.times = times;
  next_slot += slots;
  kinds_.push_back(std::move(kinds));
  runners_.push_back(std::make_unique<jobs::Runner>(settings, options, *kinds_.back()));
  runners_.back()->start();
  return *runners_.back();
}

void Workshop::stop_all() {
  for (const auto& runner : runners_) runner->request_stop();
  runners_.clear();
}

std::uint64_t Workshop::effects(const db::JobRef& job) {
  return connection.select_one("SELECT COUNT(*) FROM sluice_data.test_effects WHERE job_id = ?", {job.id})
      ->u64(0);
}

bool Workshop::ends_as(const db::JobRef& job, const std::string& wanted) {
  return reached([&] { return state(job.id) == wanted; });
}

db::WishResult Workshop::ask(const db::JobRef& job, db::Wish what) {
  static queue::Signals signals(config());
  static queue::Doorbell doorbell(config());
  const auto result = wish(job, what);
  if (result.signal()) signals.publish(job.uid, result.job.want, result.job.want_seq);
  if (result.ring()) doorbell.ring(job.uid);
  return result;
}

db::JobRef Workshop::submit() {
  static queue::Doorbell doorbell(config());
  const auto job = queue();
  doorbell.ring(job.uid);
  return job;
}

BusyWork::BusyWork(Workshop& shop) {
  shop.script->before = [this](jobs::Attempt&, int step) {
    if (step != 1) return;
    inside = true;
    reached([this] { return go_on.load(); });
  };
}

}  // namespace sluice::test
