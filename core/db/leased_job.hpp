// SPDX-License-Identifier: MIT
// A job as runners get it, and who holds it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "core/db/result.hpp"
#include "core/job/state.hpp"

namespace sluice::db {

/// Who holds: a slot of a runner and its working connection.
struct Holder {
  std::uint64_t runner_id = 0;
  std::uint64_t connection_id = 0;
  std::string name;  ///< for the history
};

/// A job as it was claimed.
struct LeasedJob {
  std::uint64_t id = 0;
  Uid uid;
  std::uint64_t owner_id = 0;
  job::JobKind kind = job::JobKind::imports;
  Json params;
  std::optional<Json> cursor;
  std::optional<std::string> phase;
  std::uint64_t epoch = 0;
  std::uint32_t want_seq = 0;
  job::Want want = job::Want::run;
  int attempt = 0;
  int max_attempts = 0;
  int run_no = 1;
  bool cleanup_pending = false;
  job::State state = job::State::queued;
  std::string request_id;
  double waited_seconds = 0;  ///< since it was due
};

/// Jobs with so many crashes go to quarantine, with so many fail.
inline constexpr int kCrashesToQuarantine = 2;
inline constexpr int kCrashesToFail = 3;

/// What an enumeration of `jobs` holds. Error internal `db.enum` for a word that is not known.
template <typename E>
E known_word(const std::optional<E>& parsed) {
  if (!parsed) throw Error(Kind::internal, "db.enum", "jobs holds a word that is not known");
  return *parsed;
}

/// "SELECT … FROM jobs ", and a job of such a row. Of this folder.
extern const char* const kLeasedColumns;
LeasedJob leased_job_of(const Row& row);

}  // namespace sluice::db
