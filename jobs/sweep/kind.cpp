// SPDX-License-Identifier: MIT
// The sweep: what is expired, undone or nobody's goes. Its cursor is the task it stands at.
#include "core/base/log.hpp"
#include "jobs/sweep/tasks.hpp"

namespace sluice::jobs {
namespace {

class SweepWork final : public Work {
 public:
  SweepWork(Attempt& attempt, const Kinds& kinds) : kinds_(kinds) {
    if (attempt.job().cursor) task_ = attempt.job().cursor->at("task").u64();
  }

  StepResult step(Attempt& attempt) override {
    const auto all = sweep::tasks();
    if (task_ >= all.size()) {
      db::Transaction transaction(attempt.connection());
      attempt.succeed(transaction, Json::object());
      transaction.commit();
      return StepResult::settled;
    }
    if (all[task_].batch({attempt, kinds_})) return StepResult::more;
    ++task_;
    attempt.report({"sweep", task_, all.size(), 0, {}});
    return StepResult::more;
  }

 private:
  const Kinds& kinds_;
  std::uint64_t task_ = 0;
};

class SweepKind final : public Kind {
 public:
  explicit SweepKind(Kinds others) : others_(std::move(others)) {}
  std::unique_ptr<Work> open(Attempt& attempt) override {
    return std::make_unique<SweepWork>(attempt, others_);
  }
  std::uint64_t memory_bytes() const override { return 1u << 20; }
  void clean_up(db::Connection&, const Config&, const JobRecord&) override {}  // leaves nothing of its own

 private:
  Kinds others_;
};

}  // namespace

std::unique_ptr<Kind> make_sweep_kind(Kinds others) {
  return std::make_unique<SweepKind>(std::move(others));
}

}  // namespace sluice::jobs
