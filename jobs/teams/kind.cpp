// SPDX-License-Identifier: MIT
#include "core/db/team_import_table.hpp"
#include "jobs/job.hpp"
#include "jobs/teams/undo.hpp"
#include "jobs/teams/work.hpp"

namespace sluice::jobs {
namespace {

constexpr std::uint32_t kRowsPerDelete = 1000;

class TeamKind final : public Kind {
 public:
  std::unique_ptr<Work> open(Attempt& attempt) override {
    const Json& params = attempt.job().params;
    if (params.is_object() && params.find("undo") != nullptr) return std::make_unique<teams::UndoWork>();
    return std::make_unique<teams::TeamWork>(attempt);
  }

  // A cancelled import has created nothing; what its check wrote down goes.
  void clean_up(db::Connection& connection, const Config&, const JobRecord& job) override {
    while (db::delete_some_team_rows(connection, job.id, kRowsPerDelete) != 0) {
    }
  }
};

}  // namespace

std::unique_ptr<Kind> make_team_kind() {
  return std::make_unique<TeamKind>();
}

}  // namespace sluice::jobs
