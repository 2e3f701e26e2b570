// SPDX-License-Identifier: MIT
#include "jobs/job.hpp"

namespace sluice::jobs {

Kind& kind_of(job::JobKind kind) {
  static const std::unique_ptr<Kind> imports = make_import_kind();
  static const std::unique_ptr<Kind> team = make_team_kind();
  static const std::unique_ptr<Kind> exports = make_export_kind();
  static const std::unique_ptr<Kind> sweep = make_sweep_kind();
  switch (kind) {
    case job::JobKind::imports: return *imports;
    case job::JobKind::team: return *team;
    case job::JobKind::exports: return *exports;
    case job::JobKind::sweep: return *sweep;
  }
  return *imports;
}

}  // namespace sluice::jobs
