// SPDX-License-Identifier: MIT
#include "core/db/export_table.hpp"
#include "jobs/exports/work.hpp"
#include "jobs/job.hpp"

namespace sluice::jobs {
namespace {

class ExportKind final : public Kind {
 public:
  std::unique_ptr<Work> open(Attempt& attempt) override {
    return std::make_unique<exports::ExportWork>(attempt);
  }

  std::uint64_t memory_bytes() const override { return 8u << 20; }

  void clean_up(db::Connection& connection, const Config& config, const JobRecord& job) override {
    db::forget_export_part(connection, job.id);
    storage::ExportFile::remove(exports::folder_of(config), job.uid, job.epoch);
  }
};

}  // namespace

std::unique_ptr<Kind> make_export_kind() {
  return std::make_unique<ExportKind>();
}

}  // namespace sluice::jobs
