// SPDX-License-Identifier: MIT
#include "jobs/job.hpp"

namespace sluice::jobs {

// Each kind's owner adds its line here when the kind works.
Kinds all_kinds() {
  Kinds kinds;
  kinds.add(job::JobKind::imports, make_import_kind());
  kinds.add(job::JobKind::exports, make_export_kind());
  kinds.add(job::JobKind::team, make_team_kind());
  return kinds;
}

}  // namespace sluice::jobs
