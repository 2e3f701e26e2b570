// SPDX-License-Identifier: MIT
// Whole team imports against MariaDB, killed between any two commits too.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>

#include "core/db/job_table.hpp"
#include "core/db/team_import_table.hpp"
#include "core/db/team_table.hpp"
#include "core/db/upload_table.hpp"
#include "core/storage/piece_file.hpp"
#include "jobs/teams/undo.hpp"
#include "jobs/teams/work.hpp"
#include "tests/integration/fixture.hpp"
#include "tests/integration/step_attempt.hpp"

using namespace sluice;
using test::StepAttempt;
using test::work_on;

namespace {

struct Teams : test::Database {
  test::TemporaryFolder folder;
  Config settings = test::config();
  std::size_t rows_per_batch = 1000;

  Teams() {
    settings.data_dir = folder.path();
    std::filesystem::create_directories(settings.pieces_dir());
  }

  test::OpenWork open() {
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

std::string many_rows(int count) {
  std::string text = "Team;E-Mail;Full name;Role\n";
  for (int i = 0; i < count; ++i) {
    text += "Team " + std::to_string(i % 7) + ";p" + std::to_string(i) + "@example.com;Person " +
            std::to_string(i) + ";" + (i % 3 == 0 ? "admin" : "") + "\n";
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(team_import)

BOOST_FIXTURE_TEST_CASE(creates_teams_members_and_memberships, Teams) {
  const auto job = queue(
      "team,name,email,role\r\nBlue,Ann,ann@example.com,admin\r\nBlue,Bob,bob@example.com,\r\n"
      "Red,Ann,ANN@example.com,viewer\r\n");
  BOOST_TEST(run(job));
  const std::set<std::string> expected = {"Blue: Ann <ann@example.com> admin",
                                          "Blue: Bob <bob@example.com> member",
                                          "Red: Ann <ann@example.com> viewer"};
  BOOST_TEST(memberships() == expected, boost::test_tools::per_element());
  const db::TeamImport done = team_import(job);
  BOOST_TEST(done.applied);
  BOOST_TEST(done.counts.created == 3u);
  BOOST_TEST(done.counts.teams_created == 2u);
  BOOST_TEST(db::teams_version(connection, actor.owner_id) == 1u);
}

BOOST_FIXTURE_TEST_CASE(the_same_file_again_changes_nothing, Teams) {
  const std::string file = "team,name,email,role\nBlue,Ann,ann@example.com,admin\nRed,Bob,bob@example.com,\n";
  run(queue(file));
  const auto before = memberships();
  const auto job = queue(file);
  BOOST_TEST(run(job));
  BOOST_TEST(memberships() == before, boost::test_tools::per_element());
  BOOST_TEST(team_import(job).counts.unchanged == 2u);
  BOOST_TEST(team_import(job).counts.created == 0u);
  BOOST_TEST(team_import(job).counts.teams_created == 0u);
}

BOOST_FIXTURE_TEST_CASE(names_and_roles_are_updated, Teams) {
  run(queue("team,name,email,role\nBlue,Ann,ann@example.com,admin\nBlue,Bob,bob@example.com,viewer\n"));
  const auto job =
      queue("email,team,name,role\nann@example.com,BLUE,Anne,\nbob@example.com,blue,Bob,member\n");
  BOOST_TEST(run(job));
  const std::set<std::string> expected = {"Blue: Anne <ann@example.com> admin",
                                          "Blue: Bob <bob@example.com> member"};
  BOOST_TEST(memberships() == expected, boost::test_tools::per_element());
  BOOST_TEST(team_import(job).counts.updated == 2u);
  const std::vector<std::string> noted = {"updated team.spelling", "updated team.spelling"};
  BOOST_TEST(codes(job) == noted, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(two_spellings_of_a_new_team_are_one_error_that_names_both_rows, Teams) {
  const auto job = queue(
      "team,email\nR\xC3\xA9"
      "d,a@example.com\nr\xC3\x89"
      "d,b@example.com\n"
      "Re\xCC\x81"
      "d,c@example.com\n",
      true);  // the last is the first, decomposed
  BOOST_TEST(run(job));
  const std::vector<std::string> expected = {"created", "error team.spelling", "created"};
  BOOST_TEST(codes(job) == expected, boost::test_tools::per_element());
  const std::string message = rows(job)[1].errors.items()[0].at("message").string();
  BOOST_TEST(message.find("of row 1") != std::string::npos, message);
  BOOST_TEST(team_import(job).counts.teams_created == 1u);
}

BOOST_FIXTURE_TEST_CASE(spellings_are_told_across_batches_too, Teams) {
  rows_per_batch = 1;
  const auto job =
      queue("team,email\nRed,a@example.com\nRED,b@example.com\nRed,c@example.com\n", false, true);
  BOOST_TEST(run(job));
  const std::vector<std::string> expected = {"created", "error team.spelling", "created"};
  BOOST_TEST(codes(job) == expected, boost::test_tools::per_element());
  const std::set<std::string> created = {"Red: a <a@example.com> member", "Red: c <c@example.com> member"};
  BOOST_TEST(memberships() == created, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(columns_can_be_chosen, Teams) {
  const std::string file = "team;Crew;mail;Contact\nx;Blue;no;ann@example.com\n";
  const Json columns = Json::object({{"team", "Crew"}, {"email", "Contact"}});
  BOOST_TEST(run(queue(file, false, false, columns)));
  const std::set<std::string> expected = {"Blue: ann <ann@example.com> member"};
  BOOST_TEST(memberships() == expected, boost::test_tools::per_element());
  BOOST_TEST(failure(queue(file, false, false, Json::object({{"name", "Full name"}}))) ==
             "team.unknown_column");
}

BOOST_FIXTURE_TEST_CASE(an_undo_leaves_what_was_there_before, Teams) {
  run(queue("team,name,email,role\nBlue,Ann,ann@example.com,admin\nBlue,Bob,bob@example.com,viewer\n"));
  const auto before = memberships();
  auto job = queue(
      "team,name,email,role\nBlue,Anne,ann@example.com,\nBlue,Bob,bob@example.com,member\n"
      "Red,Anne,ann@example.com,viewer\nRed,Cid,cid@example.com,\n");
  BOOST_TEST(run(job));
  BOOST_TEST((memberships() != before));
  BOOST_TEST(undo(job) == "none");
  BOOST_TEST(memberships() == before, boost::test_tools::per_element());
  BOOST_TEST(db::list_teams(connection, actor, "red", 10).teams.empty());
  BOOST_TEST(team_import(job).undone);
  BOOST_TEST(undo(job) == "team.undone");
  BOOST_TEST(run(job = queue("team,name,email\nRed,Cid,cid@example.com\n")));  // names are free again
}

BOOST_FIXTURE_TEST_CASE(an_import_that_others_build_on_is_not_undone, Teams) {
  const auto first =
      queue("team,name,email,role\nBlue,Ann,ann@example.com,viewer\nRed,Cid,cid@example.com,\n");
  run(first);
  const char* later[] = {
      "team,email\nBlue,bob@example.com\n",             // somebody else in its team
      "team,email\nGreen,ann@example.com\n",            // its member in another team
      "team,email,role\nBlue,ann@example.com,admin\n",  // another role
      "team,name,email\nBlue,Annie,ann@example.com\n",  // another name of a member it created
  };
  for (const char* file : later) {
    const auto second = queue(file);
    BOOST_TEST(run(second));
    const auto before = memberships();
    BOOST_TEST(undo(first) == "team.in_use", file);
    BOOST_TEST(memberships() == before, boost::test_tools::per_element());
    BOOST_TEST(!team_import(first).undone);
    BOOST_TEST(undo(second) == "none", file);
  }
  BOOST_TEST(undo(first) == "none");
  BOOST_TEST(memberships().empty());
}

BOOST_FIXTURE_TEST_CASE(every_mistake_has_its_code, Teams) {
  const std::string long_name(201, 'x');
  const auto job = queue(
      "team,name,email,role\nBlue,Ann,ann@example.com,admin\nBlue,Bob,bob@@example.com,\n"
      "Blue,Cid,,\n,Dee,dee@example.com,\nBlue,,eve@example.com,\nBlue,Fay,fay@example.com,owner\n"
      "Blue,Ann,Ann@Example.com,\nBlue,Gus,\"gus@example.com\nBcc: all@example.com\",\n"
      "Blue," +
          long_name + ",hal@example.com,\n" + long_name +
          ",Ida,ida@example.com,\n"
          "Blue,Jim,jim@example.com\nBlue,Kim,kim@example.com,member,more\nBleu,Lea,lea@example.com,\n",
      true);
  BOOST_TEST(run(job));
  const std::vector<std::string> expected = {"created",
                                             "error team.email_invalid",
                                             "error team.email_missing",
                                             "error team.team_missing",
                                             "error team.name_missing",
                                             "error team.role_unknown",
                                             "error team.duplicate_in_file",
                                             "error team.email_invalid",
                                             "error team.name_too_long",
                                             "error team.team_too_long",
                                             "error team.too_few_fields",
                                             "error team.too_many_fields",
                                             "created team.similar_name"};
  BOOST_TEST(codes(job) == expected, boost::test_tools::per_element());
  const auto found = rows(job);
  BOOST_TEST(found[6].errors.items()[0].at("message").string() ==
             "Same e-mail in the same team as row 1; row 1 is kept.");
  BOOST_TEST(found[8].line == 11u);  // after the line break in row 8
  BOOST_TEST(found[12].errors.items()[0].at("hint").string() == "Did you mean 'Blue'?");
  BOOST_TEST(memberships().empty());
}

BOOST_FIXTURE_TEST_CASE(abort_creates_nothing_when_there_are_errors, Teams) {
  const auto job = queue("team,name,email\nBlue,Ann,ann@example.com\nBlue,Bob,bob\n");
  BOOST_TEST(failure(job) == "team.rows_have_errors");
  BOOST_TEST(memberships().empty());
  BOOST_TEST(team_import(job).checked);  // the report stays
  BOOST_TEST(rows(job).size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(skip_creates_the_good_rows, Teams) {
  const auto job = queue("team,name,email\nBlue,Ann,ann@example.com\nBlue,Bob,bob\n", false, true);
  BOOST_TEST(run(job));
  const std::set<std::string> expected = {"Blue: Ann <ann@example.com> member"};
  BOOST_TEST(memberships() == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(extra_columns_are_ignored_and_named, Teams) {
  const auto job = queue(
      "is_admin,Gruppe,E-MAIL Address,team,_row,_status,_error\n1,x,ann@example.com,Blue,1,error,bad\n");
  BOOST_TEST(run(job));
  const Json mapping = team_import(job).mapping.value();
  BOOST_TEST(mapping.at("ignored").text() == R"(["is_admin","Gruppe"])");
  BOOST_TEST(mapping.at("mapped").text() ==
             R"({"team":"team","name":null,"email":"E-MAIL Address","role":null})");
  BOOST_TEST(rows(job)[0].raw == "1,x,ann@example.com,Blue");
  const std::set<std::string> expected = {"Blue: ann <ann@example.com> member"};
  BOOST_TEST(memberships() == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(what_is_no_team_file_fails_with_a_reason, Teams) {
  BOOST_TEST(failure(queue("name,role\nAnn,admin\nBob,member\n")) == "team.missing_column");
  BOOST_TEST(failure(queue("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0")) == "team.not_text");
  BOOST_TEST(failure(queue("\n\n")) == "team.empty");
}

BOOST_FIXTURE_TEST_CASE(a_dry_run_rests_until_it_is_committed, Teams) {
  const auto job = queue("team,name,email\nBlue,Ann,ann@example.com\n", true);
  for (int resumed = 0; resumed < 2; ++resumed) {
    BOOST_TEST(run(job));
    BOOST_TEST(text("SELECT CONCAT(state, ' ', phase) FROM jobs WHERE id = " + std::to_string(job)) ==
               "paused review");
    BOOST_TEST(memberships().empty());
    BOOST_TEST(rows(job).size() == 1u);
  }
  commit(job);
  BOOST_TEST(run(job));
  BOOST_TEST(memberships().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_commit_that_finds_other_teams_is_refused_and_says_so, Teams) {
  const auto reviewed = queue("team,name,email\nBlue,Ann,ann@example.com\n", true);
  run(reviewed);
  commit(reviewed);
  run(queue("team,name,email\nBlue,Ann,ann@example.com\n"));
  BOOST_TEST(run(reviewed));  // finds other teams, checks, rests again
  BOOST_TEST(text("SELECT state FROM jobs WHERE id = " + std::to_string(reviewed)) == "paused");
  BOOST_TEST(text("SELECT detail FROM job_events WHERE event = 'commit_refused' AND job_id = " +
                  std::to_string(reviewed)) == R"({"code":"team.changed"})");
  BOOST_TEST(team_import(reviewed).commit_refused.value() == "team.changed");
  BOOST_TEST(team_import(reviewed).dry_run);
  BOOST_TEST(team_import(reviewed).counts.unchanged == 1u);
  BOOST_TEST(team_import(reviewed).counts.created == 0u);
  BOOST_TEST(team_import(reviewed).counts.total == 1u);
  commit(reviewed);
  BOOST_TEST(run(reviewed));
  BOOST_TEST(team_import(reviewed).applied);
  BOOST_TEST(!team_import(reviewed).commit_refused.has_value());
  BOOST_TEST(memberships().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(how_long_a_batch_is_decides_nothing, Teams) {
  const char* seeded = std::getenv("SLUICE_SEED");
  const unsigned seed = seeded != nullptr ? static_cast<unsigned>(std::atoi(seeded)) : std::random_device{}();
  BOOST_TEST_MESSAGE("SLUICE_SEED=" << seed);
  std::mt19937 random(seed);
  const auto pick = [&](std::initializer_list<const char*> of) {
    return std::string(of.begin()[random() % of.size()]);
  };
  run(queue("team,name,email,role\nRed,Ann,a@x.org,admin\nGreen,Ann,a@x.org,\nRed,Bob,b@x.org,viewer\n"));
  std::string file = "team,name,email,role\n";
  for (int i = 0; i < 120; ++i) {
    file += pick({"Red", "red", "Blue", "BLUE", "Green", "Violet", "Violets"}) + "," +
            pick({"Ann", "Bob", "Cid"}) + "," +
            pick({"a@x.org", "A@x.org", "b@x.org", "c@x.org", "d@x.org", "e@x", "f@x.org", "g@x.org"}) + "," +
            pick({"", "admin", "viewer", "boss"}) + "\n";
  }
  std::set<std::string> outcomes, created;
  for (const std::size_t length : {1, 2, 3, 7, 1000}) {
    rows_per_batch = length;
    const auto job = queue(file, true);
    run(job);
    std::string outcome;
    for (const db::TeamImportRow& row : rows(job)) outcome += row.status + row.errors.text() + "\n";
    outcomes.insert(outcome);
    const db::TeamCounts counts = team_import(job).counts;
    created.insert(std::to_string(counts.created) + " in " + std::to_string(counts.teams_created));
    BOOST_TEST(counts.total == 120u);
    // What the marks of first rows say, said by the whole set.
    BOOST_TEST(number("SELECT SUM(email_first) <=> COUNT(DISTINCT email_key) AND SUM(first_team_key IS NOT "
                      "NULL) <=> COUNT(DISTINCT team_key) FROM team_import_rows WHERE job_id = " +
                      std::to_string(job)) == 1u);
  }
  BOOST_TEST(outcomes.size() == 1u, "seed " << seed);
  BOOST_TEST(created.size() == 1u, "seed " << seed);
}

BOOST_FIXTURE_TEST_CASE(killed_at_any_commit_it_goes_on_to_the_same_teams, Teams) {
  rows_per_batch = 4;
  const std::string file = many_rows(21);
  run(queue(file));
  const auto expected = memberships();
  BOOST_TEST(expected.size() == 21u);
  for (int at = 1;; ++at) {
    Teams other;
    other.rows_per_batch = 4;
    const auto job = other.queue(file);
    StepAttempt first(other.connection, other.settings, job);
    first.dies_at_fence = at;
    const bool settled = work_on(first, other.open());
    if (!settled) {
      BOOST_TEST(other.memberships().empty());
      BOOST_TEST(other.run(job));
    }
    BOOST_TEST(other.memberships() == expected, boost::test_tools::per_element());
    BOOST_TEST(other.team_import(job).counts.created == 21u);
    BOOST_TEST(other.team_import(job).counts.teams_created == 7u);
    if (settled) {
      BOOST_TEST(at > 7);
      break;
    }
  }
}

BOOST_FIXTURE_TEST_CASE(one_step_an_attempt_comes_to_the_same, Teams) {
  rows_per_batch = 5;
  const auto job = queue(many_rows(23));
  for (int attempts = 0; attempts < 100; ++attempts) {
    StepAttempt attempt(connection, settings, job);
    if (work_on(attempt, open(), 1)) break;
  }
  BOOST_TEST(memberships().size() == 23u);
  BOOST_TEST(team_import(job).counts.total == 23u);
}

BOOST_FIXTURE_TEST_CASE(a_replaced_holder_commits_nothing, Teams) {
  const auto job = queue("team,name,email\nBlue,Ann,ann@example.com\n");
  StepAttempt old(connection, settings, job);
  const auto work = open()(old);
  BOOST_TEST((work->step(old) == jobs::StepResult::more));
  BOOST_TEST(run(job));
  BOOST_CHECK_THROW(work->step(old), Error);
  BOOST_TEST(rows(job).size() == 1u);
  BOOST_TEST(memberships().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_check_leaves_nothing, Teams) {
  rows_per_batch = 2;
  const auto job = queue(many_rows(9));
  StepAttempt attempt(connection, settings, job);
  BOOST_TEST(!work_on(attempt, open(), 4));
  BOOST_TEST(!rows(job).empty());
  jobs::make_team_kind()->clean_up(connection, settings, attempt.job());
  BOOST_TEST(rows(job).empty());
  BOOST_TEST(memberships().empty());
}

BOOST_FIXTURE_TEST_CASE(duplicates_are_found_across_batches, Teams) {
  rows_per_batch = 2;
  const auto job = queue(
      "team,name,email\nBlue,A,a@example.com\nBlue,B,b@example.com\nBlue,C,c@example.com\n"
      "blue,A,A@example.com\nRed,Al,a@example.com\n",
      true);
  run(job);
  const std::vector<std::string> expected = {"created", "created", "created", "error team.duplicate_in_file",
                                             "created team.other_name"};
  BOOST_TEST(codes(job) == expected, boost::test_tools::per_element());
  BOOST_TEST(team_import(job).counts.teams_created == 2u);
}

BOOST_FIXTURE_TEST_CASE(teams_are_listed_and_found_by_a_part_of_their_name, Teams) {
  run(queue("team,email\nNight Shift,a@example.com\nCaf\xC3\xA9,b@example.com\nDay shift,c@example.com\n"));
  const auto names = [&](std::string_view search) {
    std::vector<std::string> found;
    for (const db::Team& team : db::list_teams(connection, actor, search, 10).teams)
      found.push_back(team.name);
    return found;
  };
  BOOST_TEST(names("SHIFT") == (std::vector<std::string>{"Day shift", "Night Shift"}),
             boost::test_tools::per_element());
  BOOST_TEST(names("cafe\xCC\x81").size() == 1u);
  const db::TeamList first = db::list_teams(connection, actor, "", 2);
  BOOST_TEST(first.teams.size() == 2u);
  const db::TeamList second = db::list_teams(connection, actor, "", 2, first.next);
  BOOST_TEST(second.teams.size() == 1u);
  BOOST_TEST(!second.next.has_value());
  BOOST_TEST(second.teams[0].name == "Night Shift");
}

BOOST_AUTO_TEST_SUITE_END()
