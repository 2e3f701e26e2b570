// SPDX-License-Identifier: MIT
#include "jobs/imports/removal.hpp"
#include "jobs/imports/work.hpp"
#include "jobs/job.hpp"

namespace sluice::jobs {
namespace {

class ImportKind final : public Kind {
 public:
  std::unique_ptr<Work> open(Attempt&) override { return std::make_unique<imports::ImportWork>(); }

  void clean_up(db::Connection& connection, const Config& config, const JobRecord& job) override {
    for (const db::Import& import : db::imports_of_job(connection, job.id))
      if (!import.published_at && import.run_no <= job.run_no)
        imports::remove_import(connection, config, import);
  }
};

}  // namespace

std::unique_ptr<Kind> make_import_kind() {
  return std::make_unique<ImportKind>();
}

}  // namespace sluice::jobs
