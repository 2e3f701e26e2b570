// SPDX-License-Identifier: MIT
// The sweep against a real database and folder: what is over goes, what is needed stays.
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "core/db/job_upkeep.hpp"
#include "core/db/retention.hpp"
#include "core/db/runner_table.hpp"
#include "core/db/upload_table.hpp"
#include "core/storage/piece_file.hpp"
#include "core/storage/upload_file.hpp"
#include "jobs/job.hpp"
#include "tests/integration/job_fixture.hpp"

using namespace sluice;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// Runs one sweep in a runner of its own and waits for its end.
struct SweepRoom : test::JobDatabase {
  SweepRoom() : settings(test::config()), kinds(jobs::all_kinds()) {
    settings.run_dir = settings.data_dir = folder.path();
  }
  void sweep() {
    const auto uid = db::queue_sweep(connection, 0s).value();
    const auto id = db::find_job(connection, {0, "test", true}, uid)->id;
    jobs::RunnerOptions options;
    options.name = "runner_00";
    options.slots = 1;
    options.times.sweep_look = 3600s;
    jobs::Runner runner(settings, options, kinds);
    runner.start();
    BOOST_REQUIRE(test::reached([&] { return state(id) == "succeeded"; }));
  }
  /// A file last written `ago`.
  fs::path file(const fs::path& path, std::chrono::hours ago) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "x";
    fs::last_write_time(path, fs::file_time_type::clock::now() - ago);
    return path;
  }
  /// An upload of ten bytes in two pieces, the files last written `ago`.
  db::Upload upload(std::chrono::hours ago, bool complete = false) {
    db::Transaction transaction(connection);
    db::NewUpload fresh;
    fresh.length = complete ? 10 : 20;
    fresh.reserved_bytes = 20;
    fresh.boot_id = storage::boot_id();
    fresh.ttl_s = 3600;
    const db::Upload made = db::insert_upload(transaction, actor, fresh);
    for (const std::uint64_t start : {0, 5}) {
      db::Append append;
      append.upload_id = made.id;
      append.piece = {start, 5, piece_name(made, start)};
      append.boot_id = fresh.boot_id;
      append.ttl_s = 3600;
      BOOST_REQUIRE(db::append_piece(transaction, append));
      file(piece_path(made, start), ago);
    }
    if (complete) BOOST_REQUIRE(db::complete_upload(transaction, made.id));
    transaction.commit();
    return db::load_upload(connection, made.id).value();
  }
  static std::string piece_name(const db::Upload& upload, std::uint64_t start) {
    return upload.uid.hex().substr(0, 2) + "/" + upload.uid.hex() + "/" + std::to_string(start) + "-abc";
  }
  fs::path piece_path(const db::Upload& upload, std::uint64_t start) {
    return fs::path(settings.pieces_dir()) / piece_name(upload, start);
  }
  void expire(const db::Upload& upload) {
    connection.execute("UPDATE uploads SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ?",
                       {upload.id});
  }
  db::Upload now(const db::Upload& upload) { return db::load_upload(connection, upload.id).value(); }
  bool exists(const db::JobRef& job) { return db::find_job_by_id(connection, job.id).has_value(); }
  db::JobRef ended(const char* state, int days_ago) {
    const auto job = queue();
    connection.execute(
        "UPDATE jobs SET state = ?, epoch = 1, bell_at = NULL, finished_at = "
        "UTC_TIMESTAMP(6) - INTERVAL ? DAY WHERE id = ?",
        {state, days_ago, job.id});
    return job;
  }

  test::TemporaryFolder folder;
  Config settings;
  jobs::Kinds kinds;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sweep)

BOOST_AUTO_TEST_CASE(forgets_jobs_after_their_time_and_not_before) {
  SweepRoom room;
  const auto old_success = room.ended("succeeded", 91);
  const auto old_failure = room.ended("failed", 91);
  const auto young = room.ended("succeeded", 89);
  room.sweep();
  BOOST_TEST(!room.exists(old_success));
  BOOST_TEST(!room.exists(old_failure));
  BOOST_TEST(room.events(old_success.id).empty());
  BOOST_TEST(room.exists(young));
}

BOOST_AUTO_TEST_CASE(forgets_expired_idempotency_keys) {
  SweepRoom room;
  const auto insert = [&](const char* key, int hours) {
    room.connection.execute(
        "INSERT INTO idempotency_keys(owner_id, idempotency_key, request_sha256, status, location, body, "
        "expires_at) "
        "VALUES(?, ?, REPEAT('x', 32), 202, '', '', UTC_TIMESTAMP(6) + INTERVAL ? HOUR)",
        {room.actor.owner_id, key, hours});
  };
  insert("old", -1);
  insert("new", 1);
  room.sweep();
  BOOST_TEST(room.text("SELECT idempotency_key FROM idempotency_keys WHERE owner_id = " +
                       std::to_string(room.actor.owner_id)) == "new");
}

BOOST_AUTO_TEST_CASE(removes_old_files_that_nobody_promises) {
  SweepRoom room;
  const std::string hex = Uid::random().hex();
  const auto stray = room.file(fs::path(room.settings.incoming_dir()) / "0000000001", 2h);
  const auto coming = room.file(fs::path(room.settings.incoming_dir()) / "0000000002", 0h);
  const auto piece = room.file(fs::path(room.settings.pieces_dir()) / hex.substr(0, 2) / hex / "0-abc", 2h);
  const auto upload =
      room.file(fs::path(room.settings.files_dir()) / storage::upload_file_name(Uid::random()), 2h);
  const auto part = room.file(fs::path(room.settings.parts_dir()) / (hex + ".3"), 2h);
  room.sweep();
  BOOST_TEST(!fs::exists(stray));
  BOOST_TEST(fs::exists(coming));
  BOOST_TEST(!fs::exists(piece));
  BOOST_TEST(!fs::exists(upload));
  BOOST_TEST(!fs::exists(part));
}

BOOST_AUTO_TEST_CASE(removes_the_files_of_expired_exports_and_of_no_others) {
  SweepRoom room;
  const auto finished = [&](int hours) {
    const auto job = room.ended("succeeded", 1);
    const std::string name = job.uid.hex() + ".1.csv";
    room.connection.execute(
        "INSERT INTO exports(job_id, owner_id, dataset_id, request_json, request_sha256, imports_json, file, "
        "expires_at) VALUES(?, ?, 0, '{}', REPEAT('x', 32), '[]', ?, UTC_TIMESTAMP(6) + INTERVAL ? HOUR)",
        {job.id, room.actor.owner_id, name, hours});
    return room.file(fs::path(room.settings.exports_dir()) / name, 2h);
  };
  const auto expired = finished(-1);
  const auto kept = finished(1);
  room.sweep();
  BOOST_TEST(!fs::exists(expired));
  BOOST_TEST(fs::exists(kept));
  BOOST_TEST(room.number("SELECT COUNT(*) FROM exports WHERE deleted_at IS NOT NULL AND owner_id = " +
                         std::to_string(room.actor.owner_id)) == 1u);
}

BOOST_AUTO_TEST_CASE(removes_expired_uploads_with_their_files_and_no_others) {
  SweepRoom room;
  const auto expired = room.upload(0h), living = room.upload(48h), complete = room.upload(48h, true);
  room.expire(expired);
  const auto assembled =
      room.file(fs::path(room.settings.files_dir()) / storage::upload_file_name(complete.uid), 48h);
  room.sweep();
  BOOST_TEST((room.now(expired).state == db::UploadState::gone));
  BOOST_TEST(!fs::exists(room.piece_path(expired, 0)));
  BOOST_TEST(!fs::exists(room.piece_path(expired, 0).parent_path()));
  BOOST_TEST(room.text("SELECT reserved_bytes FROM uploads WHERE id = " + std::to_string(expired.id)) == "0");
  BOOST_TEST((room.now(living).state == db::UploadState::open));
  BOOST_TEST(room.now(living).offset == 10u);
  for (const auto& kept : {living, complete}) {
    BOOST_TEST(fs::exists(room.piece_path(kept, 0)));
    BOOST_TEST(fs::exists(room.piece_path(kept, 5)));
  }
  BOOST_TEST(fs::exists(assembled));
}

BOOST_AUTO_TEST_CASE(leaves_an_upload_whose_expiry_was_put_off_after_all) {
  SweepRoom room;
  const auto upload = room.upload(0h);
  room.expire(upload);
  BOOST_TEST(db::expired_uploads(room.connection, 1000).size() >= 1u);
  db::put_off_expiry(room.connection, upload.id, 3600);  // a PATCH has begun between the look and the removal
  db::Transaction transaction(room.connection);
  BOOST_TEST(!db::remove_expired_upload(transaction, upload.id).has_value());
}

BOOST_AUTO_TEST_CASE(removes_parts_of_dead_assemblies) {
  SweepRoom room;
  const auto upload = room.upload(0h, true);
  const fs::path stem = fs::path(room.settings.files_dir()) / storage::upload_file_name(upload.uid);
  const auto dead = room.file(stem.string() + ".3.part", 2h),
             running = room.file(stem.string() + ".4.part", 0h);
  room.sweep();
  BOOST_TEST(!fs::exists(dead));
  BOOST_TEST(fs::exists(running));
}

BOOST_AUTO_TEST_CASE(sets_an_open_upload_back_to_before_a_missing_piece) {
  SweepRoom room;
  const auto second = room.upload(0h), first = room.upload(0h);
  fs::remove(room.piece_path(second, 5));
  fs::remove(room.piece_path(first, 0));
  room.sweep();
  BOOST_TEST(room.now(second).offset == 5u);
  BOOST_TEST(fs::exists(room.piece_path(second, 0)));
  BOOST_TEST(room.now(first).offset == 0u);
  BOOST_TEST(!fs::exists(room.piece_path(first, 5)));
  BOOST_TEST(db::count_pieces(room.connection, first.id) == 0u);
}

BOOST_AUTO_TEST_CASE(forgets_runners_of_long_ago) {
  SweepRoom room;
  const auto holder = room.holder();
  room.connection.execute("UPDATE runners SET seen_at = UTC_TIMESTAMP(6) - INTERVAL 2 DAY WHERE id = ?",
                          {holder.runner_id});
  room.sweep();
  BOOST_TEST(!db::find_runner(room.connection, holder.runner_id).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
