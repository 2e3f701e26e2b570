// SPDX-License-Identifier: MIT
// Takes an applied team import back, in one transaction: nobody sees half of it.
#pragma once
#include "jobs/job.hpp"

namespace sluice::teams {

class UndoWork final : public jobs::Work {
 public:
  jobs::StepResult step(jobs::Attempt& attempt) override;
};

}  // namespace sluice::teams
