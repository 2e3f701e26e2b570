// SPDX-License-Identifier: MIT
// Whole team imports against MariaDB: queued from bytes, worked on, committed, taken back, and looked at.
#pragma once
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/db/job_table.hpp"
#include "core/db/team_import_table.hpp"
#include "core/db/team_table.hpp"
#include "core/db/upload_table.hpp"
#include "core/storage/piece_file.hpp"
#include "jobs/teams/undo.hpp"
#include "jobs/teams/work.hpp"
#include "tests/integration/fixture.hpp"
#include "tests/integration/step_attempt.hpp"

namespace sluice::test {

struct Teams : Database {
  TemporaryFolder folder;
  Config settings = config();
  std::size_t rows_per_batch = 1000;

  Teams() {
    settings.data_dir = folder.path();
    std::filesystem::create_directories(settings.pieces_dir());
  }

  OpenWork open() {
    return
        [this](jobs::Attempt& attempt) { return std::make_unique<teams::TeamWork>(attempt, rows_per_batch); };
  }

  /// An upload with these bytes, and a queued job for it.
  std::uint64_t queue(std::string_view bytes, bool dry_run = false, bool skip_errors = false,
                      const Json& columns = {}) {
    storage::PieceStore store(settings.pieces_dir());
    storage::NewPiece piece = store.create(Uid::random(), 0);
    piece.write(bytes);
    db::Transaction transaction(connection);
    db::NewUpload fresh;
    fresh.purpose = db::Purpose::team;
    fresh.length = bytes.size();
    fresh.boot_id = storage::boot_id();
    fresh.filename = "team.csv";
    fresh.ttl_s = 600;
    const db::Upload upload = db::insert_upload(transaction, actor, fresh);
    db::Append append;
    append.upload_id = upload.id;
    append.piece = {0, piece.length(), piece.file()};
    append.boot_id = fresh.boot_id;
    append.ttl_s = fresh.ttl_s;
    BOOST_REQUIRE(db::append_piece(transaction, append));
    BOOST_REQUIRE(db::complete_upload(transaction, upload.id));
    db::NewJob job;
    job.kind = job::JobKind::team;
    if (!columns.is_null()) job.params.set("columns", columns);
    const db::JobRef ref = db::insert_job(transaction, actor, job).ref();
    db::insert_team_import(transaction, actor, ref.id, upload.id, dry_run, skip_errors);
    transaction.commit();
    piece.keep();
    return ref.id;
  }

  /// One undisturbed attempt.
  bool run(std::uint64_t job) {
    StepAttempt attempt(connection, settings, job);
    return work_on(attempt, open());
  }

  /// The code with which the job would fail.
  std::string failure(std::uint64_t job) {
    try {
      run(job);
    } catch (const Error& error) {
      return error.code();
    }
    return "none";
  }

  /// Takes the import of this job back; "none", or the code with which that would fail.
  std::string undo(std::uint64_t job) {
    db::Transaction transaction(connection);
    db::NewJob fresh;
    fresh.kind = job::JobKind::team;
    const db::JobRef ref = db::insert_job(transaction, actor, fresh).ref();
    db::insert_team_undo(transaction, actor, ref.id, team_import(job));
    transaction.commit();
    try {
      StepAttempt attempt(connection, settings, ref.id);
      work_on(attempt, [](jobs::Attempt&) { return std::make_unique<teams::UndoWork>(); });
    } catch (const Error& error) {
      return error.code();
    }
    return "none";
  }

  void commit(std::uint64_t job) {
    db::Transaction transaction(connection);
    db::commit_team_import(transaction, job, false);
    transaction.commit();
  }

  db::TeamImport team_import(std::uint64_t job) { return db::find_team_import(connection, job).value(); }
  std::vector<db::TeamImportRow> rows(std::uint64_t job) {
    return db::list_team_rows(connection, job, std::nullopt, 1000);
  }

  /// "team: name <email> role" of all memberships, sorted.
  std::set<std::string> memberships() {
    std::set<std::string> found;
    for (const db::Team& team : db::list_teams(connection, actor, "", 1000).teams) {
      for (const db::Member& m : db::list_members(connection, team.id, 1000)) {
        found.insert(team.name + ": " + m.name + " <" + m.email + "> " + m.role);
      }
    }
    return found;
  }

  std::vector<std::string> codes(std::uint64_t job) {
    std::vector<std::string> found;
    for (const db::TeamImportRow& row : rows(job)) {
      std::string text = row.status;
      for (const Json& issue : row.errors.items()) text += " " + issue.at("code").string();
      found.push_back(text);
    }
    return found;
  }
};

/// So many people in seven teams.
inline std::string many_rows(int count) {
  std::string text = "Team;E-Mail;Full name;Role\n";
  for (int i = 0; i < count; ++i) {
    text += "Team " + std::to_string(i % 7) + ";p" + std::to_string(i) + "@example.com;Person " +
            std::to_string(i) + ";" + (i % 3 == 0 ? "admin" : "") + "\n";
  }
  return text;
}

}  // namespace sluice::test
