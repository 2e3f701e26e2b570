// SPDX-License-Identifier: MIT
#include "core/db/leased_job.hpp"

namespace sluice::db {

const char* const kLeasedColumns =
    "SELECT id, uid, owner_id, kind, params, cursor_json, phase, epoch, want_seq, want, attempt, "
    "max_attempts, run_no, "
    "cleanup_pending, state, request_id, TIMESTAMPDIFF(MICROSECOND, due_at, UTC_TIMESTAMP(6)) / 1e6 FROM "
    "jobs ";

LeasedJob leased_job_of(const Row& row) {
  LeasedJob job;
  job.id = row.u64(0);
  job.uid = row.uid(1);
  job.owner_id = row.u64(2);
  job.kind = known_word(job::parse_kind(row.text(3)));
  job.params = parse_stored_json(row.text(4));
  if (!row.is_null(5)) job.cursor = parse_stored_json(row.text(5));
  job.phase = row.maybe_text(6);
  job.epoch = row.u64(7);
  job.want_seq = static_cast<std::uint32_t>(row.u64(8));
  job.want = known_word(job::parse_want(row.text(9)));
  job.attempt = static_cast<int>(row.i64(10));
  job.max_attempts = static_cast<int>(row.i64(11));
  job.run_no = static_cast<int>(row.i64(12));
  job.cleanup_pending = row.flag(13);
  job.state = known_word(job::parse_state(row.text(14)));
  job.request_id = row.maybe_text(15).value_or("");
  job.waited_seconds = row.real(16);
  return job;
}

}  // namespace sluice::db
