// SPDX-License-Identifier: MIT
#include "tests/integration/step_attempt.hpp"

#include "core/base/error.hpp"

namespace sluice::test {
namespace {

constexpr const char* kClaim =
    "UPDATE jobs SET epoch = epoch + 1, state = 'running', started_at = UTC_TIMESTAMP(6) WHERE id = ?";
constexpr const char* kFind =
    "SELECT uid, owner_id, params, cursor_json, epoch, run_no FROM jobs WHERE id = ?";
constexpr const char* kMove =
    "UPDATE jobs SET cursor_json = ?, phase = ? WHERE id = ? AND epoch = ? AND state = 'running'";
constexpr const char* kSucceed =
    "UPDATE jobs SET result = ?, phase = ?, state = 'succeeded', finished_at = UTC_TIMESTAMP(6) WHERE id = ? "
    "AND epoch = ? "
    "AND state = 'running'";
constexpr const char* kRest =
    "UPDATE jobs SET cursor_json = ?, phase = ?, state = 'paused' WHERE id = ? AND epoch = ? AND state = "
    "'running'";

}  // namespace

StepAttempt::StepAttempt(db::Connection& connection, const Config& config, std::uint64_t job_id)
    : connection_(connection), config_(config) {
  connection.execute(kClaim, {job_id});
  const auto row = connection.select_one(kFind, {job_id});
  job_.id = job_id;
  job_.uid = row->uid(0);
  job_.owner_id = row->u64(1);
  job_.params = parse_stored_json(row->text(2));
  if (!row->is_null(3)) job_.cursor = parse_stored_json(row->text(3));
  job_.epoch = row->u64(4);
  job_.run_no = static_cast<int>(row->i64(5));
}

void StepAttempt::fence(db::Transaction& transaction, const char* sql, const Json& json,
                        const std::string& phase) {
  if (++fences == dies_at_fence) throw KilledHere{};
  const std::string text = json.text();
  if (transaction.connection().execute(sql, {text, phase, job_.id, job_.epoch}).rows != 1) {
    throw Error(Kind::lost, "attempt.lost", "another attempt holds the job");
  }
}

void StepAttempt::move_cursor(db::Transaction& transaction, const Json& cursor,
                              const jobs::Progress& progress) {
  fence(transaction, kMove, cursor, progress.phase);
}
void StepAttempt::succeed(db::Transaction& transaction, const Json& result) {
  fence(transaction, kSucceed, result, "done");
}
void StepAttempt::rest_for_review(db::Transaction& transaction, const Json& cursor,
                                  const jobs::Progress& progress) {
  fence(transaction, kRest, cursor, progress.phase);
}

bool work_on(StepAttempt& attempt, const OpenWork& open, int most_steps) {
  const std::unique_ptr<jobs::Work> work = open(attempt);
  try {
    for (int steps = 0; steps < most_steps; ++steps) {
      if (work->step(attempt) == jobs::StepResult::settled) return true;
    }
  } catch (const KilledHere&) {
  } catch (const jobs::Stopped&) {
  }
  return false;
}

}  // namespace sluice::test
