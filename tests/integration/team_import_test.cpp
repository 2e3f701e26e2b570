// SPDX-License-Identifier: MIT
// What team imports make of a file: teams, people, memberships, and mistakes by name.
#include <boost/test/unit_test.hpp>

#include "tests/integration/team_fixture.hpp"

using namespace sluice;
using test::Teams;

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
