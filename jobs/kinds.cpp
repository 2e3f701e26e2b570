// SPDX-License-Identifier: MIT
#include "jobs/job.hpp"

namespace sluice::jobs {
namespace {

// Each kind's owner adds its line here when the kind works.
Kinds kinds_that_people_start() {
  Kinds kinds;
  kinds.add(job::JobKind::imports, make_import_kind());
  kinds.add(job::JobKind::exports, make_export_kind());
  kinds.add(job::JobKind::team, make_team_kind());
  return kinds;
}

}  // namespace

Kinds all_kinds() {
  Kinds kinds = kinds_that_people_start();
  kinds.add(job::JobKind::sweep, make_sweep_kind(kinds_that_people_start()));
  return kinds;
}

}  // namespace sluice::jobs
