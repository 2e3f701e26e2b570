// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include "fcgi-app/teams/file_name.hpp"
#include "jobs/teams/columns.hpp"
#include "jobs/teams/compare.hpp"
#include "jobs/teams/row_check.hpp"
#include "jobs/teams/similar_names.hpp"

using namespace sluice;
using namespace sluice::teams;

BOOST_AUTO_TEST_SUITE(team_rows)

BOOST_AUTO_TEST_CASE(addresses) {
  for (const char* good : {"a@b.co", "first.last+tag@sub.example.com", "j\xC3\xB6rg@b\xC3\xBCro.example",
                           "o'hara@example.ie", "1@2.3"}) {
    BOOST_TEST(is_email(good), good);
  }
  for (const char* bad :
       {"", "@", "a@", "@b.co", "a@@b.co", "a@b", "a b@c.de", "a@b..co", ".a@b.co", "a.@b.co", "a..b@c.de",
        "a@-b.co", "a@b.co,", "a@b.co\nBcc: x@y.z", "<a@b.co>", "a@b c.de", "a@b.co."}) {
    BOOST_TEST(!is_email(bad), bad);
  }
}

BOOST_AUTO_TEST_CASE(columns_are_found_in_any_order_and_case) {
  const std::string header[] = {"ROLE", " e-mail ", "Full Name", "Squad", "phone"};
  const Columns columns = match_columns(header);
  BOOST_TEST((columns.team == 3u && columns.email == 1u && columns.name == 2u && columns.role == 0u));
  BOOST_TEST(columns.ignored() == std::vector<std::string>{"phone"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_better_alias_wins) {
  const std::string header[] = {"group", "team", "mail", "email"};
  const Columns columns = match_columns(header);
  BOOST_TEST((columns.team == 1u && columns.email == 3u));
  BOOST_TEST(columns.ignored().size() == 2u);
}

BOOST_AUTO_TEST_CASE(chosen_columns_go_before_aliases) {
  const std::string header[] = {"team", "Squad", "mail", "Contact", "role"};
  ColumnChoice choice;
  choice.team = "SQUAD";  // without case
  choice.email = "Contact";
  choice.role = "";  // none, although there is one of that name
  const Columns columns = match_columns(header, choice);
  BOOST_TEST((columns.team == 1u && columns.email == 3u && !columns.role && !columns.name));
  BOOST_TEST(columns.complete());
  const std::vector<std::string> ignored = {"team", "mail", "role"};
  BOOST_TEST(columns.ignored() == ignored, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_chosen_column_is_taken_from_the_aliases) {
  const std::string header[] = {"team", "name", "email"};
  ColumnChoice choice;
  choice.team = "name";
  const Columns columns = match_columns(header, choice);
  BOOST_TEST((columns.team == 1u && !columns.name && columns.email == 2u));
}

BOOST_AUTO_TEST_CASE(a_chosen_column_that_is_not_there_is_told) {
  const std::string header[] = {"team", "email"};
  ColumnChoice choice;
  choice.name = "Full name";
  const Columns columns = match_columns(header, choice);
  BOOST_TEST(!columns.complete());
  BOOST_TEST(columns.unknown == std::vector<std::string>{"Full name"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(near_misses_are_told_and_series_are_not) {
  SimilarNames names;
  for (const char* name : {"Blue", "Team 1", "Team A", "Support", "IT"}) names.add(name);
  BOOST_TEST(names.find("Bleu").value() == "Blue");
  BOOST_TEST(names.find("suport").value() == "Support");
  BOOST_TEST(names.find("S\xC3\xBCpport").value() == "Support");
  for (const char* other : {"Team 2", "Team B", "Blue", "BLUE", "HR", "Green"})
    BOOST_TEST(!names.find(other).has_value(), other);
}

BOOST_AUTO_TEST_CASE(a_shown_value_is_short_and_on_one_line) {
  const std::string header[] = {"team", "email"};
  const std::string bad = std::string(100, 'x') + "\n@@";
  const csv::Field fields[] = {{"Blue", false}, {bad, true}};
  csv::Record record;
  record.fields = fields;
  const db::TeamImportRow row = check_record(record, match_columns(header), 1);
  BOOST_TEST(row.status == "error");
  const std::string message = row.errors.items()[0].at("message").string();
  BOOST_TEST(message.size() < 120u);
  BOOST_TEST(message.find('\n') == std::string::npos);
  BOOST_TEST(!row.email_key.has_value());
  BOOST_TEST(!row.team_key.has_value());
}

BOOST_AUTO_TEST_CASE(names_of_files_come_without_folders) {
  using fcgi::file_name_in;
  BOOST_TEST(file_name_in("attachment; filename=\"a b.csv\"").value() == "a b.csv");
  BOOST_TEST(file_name_in("attachment; filename=x.csv; filename*=UTF-8''caf%C3%A9.csv").value() ==
             "caf\xC3\xA9.csv");
  BOOST_TEST(file_name_in("attachment; filename=\"..\\\\..\\\\x.csv\"").value() == "x.csv");
  BOOST_TEST(file_name_in("attachment; filename=\"/etc/passwd\"").value() == "passwd");
  BOOST_TEST(!file_name_in("attachment").has_value());
  BOOST_TEST(!file_name_in("attachment; filename*=UTF-8''%FF").has_value());
  BOOST_TEST(!file_name_in("attachment; filename=\"\"").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
