// SPDX-License-Identifier: MIT
// A hold on a job without a runner, for kinds: each attempt is a new epoch on one connection, and can be
// killed at any of its commits.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "core/base/config.hpp"
#include "core/db/connection.hpp"
#include "jobs/job.hpp"

namespace sluice::test {

/// What takes the place of kill -9.
struct KilledHere {};

class StepAttempt final : public jobs::Attempt {
 public:
  StepAttempt(db::Connection& connection, const Config& config, std::uint64_t job_id);
  const jobs::JobRecord& job() const override { return job_; }
  const Config& config() const override { return config_; }
  db::Connection& connection() override { return connection_; }
  bool stop_requested() const override { return looks_left != 0 && --looks_left == 0; }
  void move_cursor(db::Transaction& transaction, const Json& cursor, const jobs::Progress& progress) override;
  void succeed(db::Transaction& transaction, const Json& result) override;
  void rest_for_review(db::Transaction& transaction, const Json& cursor,
                       const jobs::Progress& progress) override;
  void report(const jobs::Progress&) override {}
  void set_interruptible(bool on) override { interruptible = on; }
  void add_connection(db::Connection&) override {}
  void remove_connection(const db::Connection&) override {}

  /// The fence at which it dies, counted from 1 (0: never): its transaction is rolled back.
  int dies_at_fence = 0;
  int fences = 0;
  mutable int looks_left = 0;  ///< the so-many-th look at stop_requested() says yes; 0: none does
  bool interruptible = false;

 private:
  void fence(db::Transaction& transaction, const char* sql, const Json& json, const std::string& phase);
  db::Connection& connection_;
  const Config& config_;
  jobs::JobRecord job_;
};

/// Makes the work of one attempt.
using OpenWork = std::function<std::unique_ptr<jobs::Work>(jobs::Attempt&)>;

/// Steps until the job is settled; false when the attempt was killed or stopped. Errors pass through.
bool work_on(StepAttempt& attempt, const OpenWork& open, int most_steps = 1 << 30);

}  // namespace sluice::test
