// SPDX-License-Identifier: MIT
// Whole imports, and imports killed at every commit.
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "core/db/block_table.hpp"
#include "core/db/dataset_storage.hpp"
#include "core/db/import_note_table.hpp"
#include "core/db/reject_table.hpp"
#include "core/storage/upload_file.hpp"
#include "tests/integration/import_fixture.hpp"

using namespace sluice;
using test::expected_rows;
using test::Lines;
using test::table;

namespace {

std::function<bool(const Error&)> code_is(std::string code) {
  return [code](const Error& error) {
    if (error.code() != code) BOOST_TEST_MESSAGE("got " << error.code() << ": " << error.detail());
    return error.code() == code && !error.advice().empty();
  };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(import_run, test::ImportFixture)

BOOST_AUTO_TEST_CASE(a_plain_file_becomes_a_typed_dataset) {
  const auto job = import(
      "id,name,day,price\n1,Ann,2017-03-01,$5.00\n2,\"Bob, Jr\",2017-12-31,$72.50\n3,,2017-01-01,$0.10\n");
  BOOST_TEST(state_of(job) == "succeeded");
  const auto dataset = dataset_of(job);
  BOOST_TEST(dataset.name == "sales");
  BOOST_TEST(dataset.row_count == 3u);
  BOOST_TEST(dataset.published_at.has_value());
  BOOST_TEST(dataset.has_header);
  BOOST_TEST_REQUIRE(dataset.columns.size() == 4u);
  BOOST_TEST(csv::to_string(dataset.columns[0].type.type) == "int");
  BOOST_TEST(csv::to_string(dataset.columns[2].type.type) == "date");
  BOOST_TEST(csv::to_string(dataset.columns[3].type.type) == "decimal");
  BOOST_TEST(dataset.columns[2].least.has_value());
  BOOST_TEST(rows(dataset) ==
                 (Lines{"1|Ann|2017-03-01|$5.00", "2|Bob, Jr|2017-12-31|$72.50", "3|~|2017-01-01|$0.10"}),
             boost::test_tools::per_element());
  const auto row = import_row(job);
  BOOST_TEST(row.records == 4u);
  BOOST_TEST(row.loaded == 3u);
  BOOST_TEST(row.skipped == 1u);
  BOOST_TEST(text("SELECT price FROM (SELECT c4 AS price FROM " +
                  db::rows_table(settings.data_database(), dataset.id) + " ORDER BY row_no LIMIT 1) t") ==
             "5.00");
}

BOOST_AUTO_TEST_CASE(killed_before_any_commit_every_row_is_there_once) {
  const std::string csv = table(12'000);
  const Lines expected = expected_rows(12'000);
  for (int kill_at = 1;; ++kill_at) {
    const auto job = queue(upload(csv, "killed-" + std::to_string(kill_at), 100'000));
    int fences = 0;
    bool killed = false;
    {
      test::TestAttempt attempt(connection, settings, job.job);
      attempt.before_fence = [&] {
        if (++fences == kill_at) throw test::Killed{};
      };
      const auto work = jobs::make_import_kind()->open(attempt);
      try {
        while (work->step(attempt) == jobs::StepResult::more) {
        }
      } catch (const test::Killed&) {
        killed = true;
      }
    }
    if (!killed) {
      BOOST_TEST(kill_at == 8);  // assemble, detect, target, two batches, verify, publish
      break;
    }
    BOOST_TEST(db::find_dataset(connection, actor, std::string_view("killed-" + std::to_string(kill_at)))
                   .has_value() == false);
    run(job);
    BOOST_TEST(state_of(job) == "succeeded");
    BOOST_TEST((rows(dataset_of(job)) == expected), "killed at fence " << kill_at);
    const auto row = import_row(job);
    BOOST_TEST(row.records == 12'001u);
    BOOST_TEST(row.rejected == 12u);
    BOOST_TEST(row.loaded + row.rejected + row.skipped == row.records);
  }
}

BOOST_AUTO_TEST_CASE(killed_after_any_commit_every_row_is_there_once) {
  const std::string csv = table(12'000);
  const Lines expected = expected_rows(12'000);
  bool ended = false;
  for (int kill_after = 1; !ended; ++kill_after) {
    const auto job = queue(upload(csv, "killed-" + std::to_string(kill_after), 100'000));
    {
      test::TestAttempt attempt(connection, settings, job.job);
      const auto work = jobs::make_import_kind()->open(attempt);
      for (int step = 0; step < kill_after && !ended; ++step)
        ended = work->step(attempt) == jobs::StepResult::settled;
    }
    if (!ended) run(job);
    BOOST_TEST((rows(dataset_of(job)) == expected), "killed after step " << kill_after);
    BOOST_TEST(import_row(job).loaded == expected.size());
  }
}

BOOST_AUTO_TEST_CASE(a_stop_in_a_batch_takes_nothing_and_goes_on_later) {
  const auto job = queue(upload(table(25'000)));
  for (int stop_at = 4; stop_at < 7; ++stop_at) {
    test::TestAttempt attempt(connection, settings, job.job);
    int fences = 0;
    attempt.before_fence = [&] { attempt.stop = ++fences >= (stop_at == 4 ? 4 : 1); };
    const auto work = jobs::make_import_kind()->open(attempt);
    BOOST_CHECK_THROW(while (work->step(attempt) == jobs::StepResult::more){}, jobs::Stopped);
  }
  run(job);
  BOOST_TEST((rows(dataset_of(job)) == expected_rows(25'000)));
}

BOOST_AUTO_TEST_CASE(pieces_become_one_hashed_file_and_go) {
  const std::string csv = table(3000);
  const auto made = upload(csv, "pieces.csv", 1000);
  const auto job = queue(made);
  run(job);
  const std::string path = settings.files_dir() + "/" + storage::upload_file_name(made.uid);
  BOOST_TEST(std::filesystem::file_size(path) == csv.size());
  BOOST_TEST(db::load_upload(connection, made.id)->sha256.value() == sha256(csv));
  BOOST_TEST(db::count_pieces(connection, made.id) == 0u);
  BOOST_TEST(!std::filesystem::exists(settings.pieces_dir() + "/" + made.uid.hex() + "/0"));
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()))
    BOOST_TEST(entry.path().string() == path);
}

BOOST_AUTO_TEST_CASE(pieces_of_a_concatenation_stay_as_long_as_somebody_names_them) {
  const auto other = upload("a,b\n1,2\n", "other.csv");
  const auto made = upload("a,b\n1,2\n", "concat.csv", 1u << 20, true);
  connection.execute(
      "UPDATE upload_pieces SET file = (SELECT file FROM (SELECT file FROM upload_pieces WHERE upload_id = "
      "?) t) "
      "WHERE upload_id = ?",
      {other.id, made.id});
  run(queue(made));
  BOOST_TEST(std::filesystem::exists(settings.pieces_dir() + "/" + other.uid.hex() + "/0"));
  run(queue(other));
  BOOST_TEST(!std::filesystem::exists(settings.pieces_dir() + "/" + other.uid.hex() + "/0"));
}

BOOST_AUTO_TEST_CASE(rejects_are_listed_with_place_and_reason) {
  const auto job = import("a,b,c\n1,2,3\n4,5,6\n1,2,3,4,5\n7,8,9\n");
  const auto rejects = db::list_rejects(connection, job.import.id, 0, 10);
  BOOST_TEST_REQUIRE(rejects.size() == 1u);
  BOOST_TEST(rejects[0].code == "too_many_fields");
  BOOST_TEST(rejects[0].first_line == 4u);
  BOOST_TEST(rejects[0].record_no == 4u);
  BOOST_TEST(rejects[0].byte_offset == 18u);
  BOOST_TEST(rejects[0].raw == "1,2,3,4,5");
  BOOST_TEST(!rejects[0].message.empty());
}

BOOST_AUTO_TEST_CASE(all_or_nothing_fails_on_the_first_reject) {
  const Json strict = Json::object({{"on_reject", Json::object({{"all_or_nothing", true}})}});
  BOOST_CHECK_EXCEPTION(import("a,b\n1,2\n1,2,3\n3,4\n", strict), Error, code_is("import.too_many_rejects"));
  const Json one = Json::object({{"on_reject", Json::object({{"limit", 1}})}});
  BOOST_TEST(import_row(import("a,b\n1,2\n1,2,3\n3,4\n", one)).rejected == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_text_fails_with_a_sentence) {
  BOOST_CHECK_EXCEPTION(import(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16)), Error,
                        code_is("import.not_text"));
}

BOOST_AUTO_TEST_CASE(empty_files_and_lone_headers_are_datasets_without_rows) {
  for (const std::string csv : {"", "\xEF\xBB\xBF", "a,b\n", "\n\n"}) {
    const auto job = import(csv, Json::object(), "empty.csv");
    BOOST_TEST(state_of(job) == "succeeded");
    BOOST_TEST(dataset_of(job).row_count == 0u);
    BOOST_TEST(!import_row(job).notices->items().empty());
    BOOST_TEST(rows(dataset_of(job)).empty());
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_names_the_delimiter_is_skipped) {
  const auto job = import("sep=;\r\nid;price\r\n1;2,50\r\n2;3,50\r\n");
  const auto dataset = dataset_of(job);
  BOOST_TEST_REQUIRE(dataset.columns.size() == 2u);
  BOOST_TEST(dataset.columns[0].name == "id");
  BOOST_TEST(rows(dataset) == (Lines{"1|2,50", "2|3,50"}), boost::test_tools::per_element());
  const auto row = import_row(job);
  BOOST_TEST(row.records == 4u);
  BOOST_TEST(row.loaded == 2u);
  BOOST_TEST(row.skipped == 2u);
}

BOOST_AUTO_TEST_CASE(a_taken_name_gets_a_number) {
  BOOST_TEST(dataset_of(import("a\n1\n", Json::object(), "Sales 2017.csv")).name == "Sales 2017");
  BOOST_TEST(dataset_of(import("a\n1\n", Json::object(), "sales 2017.csv")).name == "sales 2017-2");
  BOOST_TEST(dataset_of(import("a\n1\n", Json::object({{"dataset", "SALES 2017"}}))).name == "SALES 2017-3");
}

BOOST_AUTO_TEST_CASE(types_text_keeps_everything_as_text) {
  const auto dataset = dataset_of(import("a,b\n1,2017-01-01\n", Json::object({{"types", "text"}})));
  for (const auto& column : dataset.columns) BOOST_TEST(csv::is_text(column.type.type));
}

BOOST_AUTO_TEST_CASE(append_matches_columns_by_name_and_widens_text) {
  import("id,name\n1,Ann\n2,Bob\n", Json::object({{ "dataset", "people" }}));
  const std::string longer(300, 'x');
  const auto job = import("name,id\n" + longer + ",3\nDan,no number\n",
                          Json::object({{"dataset", "People"}, {"mode", "append"}}));
  const auto dataset = dataset_of(job);
  BOOST_TEST(dataset.name == "people");
  BOOST_TEST(dataset.row_count == 3u);
  BOOST_TEST(rows(dataset) == (Lines{"1|Ann", "2|Bob", "3|" + longer}), boost::test_tools::per_element());
  const auto rejects = db::list_rejects(connection, job.import.id, 0, 10);
  BOOST_TEST_REQUIRE(rejects.size() == 1u);
  BOOST_TEST(rejects[0].code == "bad_type");
  BOOST_TEST(rejects[0].column.value() == 1u);
  BOOST_TEST(import_row(job).notices->text().find("id is int") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(append_refuses_other_columns_and_unknown_datasets) {
  import("id,name\n1,Ann\n", Json::object({{ "dataset", "people" }}));
  BOOST_CHECK_EXCEPTION(
      import("id,surname\n1,Ann\n", Json::object({{"dataset", "people"}, {"mode", "append"}})), Error,
      code_is("import.columns_differ"));
  BOOST_CHECK_EXCEPTION(import("id,name\n1,Ann\n", Json::object({{"dataset", "nobody"}, {"mode", "append"}})),
                        Error, code_is("import.no_dataset"));
}

// A file of the other order would load its first twelve days of each month as other dates.
BOOST_AUTO_TEST_CASE(append_refuses_dates_of_another_order) {
  import("day,n\n12/31/2017,1\n01/02/2018,2\n", Json::object({{ "dataset", "mdy" }}));
  import("day,n\n01/02/2018,1\n", Json::object({{"dataset", "by hand"},
                                                { "columns",
                                                  Json::array({Json::object({{"index", 0},
                                                                             {"type", "date"},
                                                                             { "date_format",
                                                                               "%m/%d/%Y" }})}) }}));
  for (const char* dataset : {"mdy", "by hand"}) {
    const Json options = Json::object({{"dataset", dataset}, {"mode", "append"}});
    for (const char* days : {"31/12/2018,3\n01/02/2018,4\n", "31/12/2018,3\n12/31/2018,4\n",
                             "31/12/2018,3\n01/02/2018,4\nsoon,5\n", "31-12-2018,3\n01-02-2018,4\n"})
      BOOST_CHECK_EXCEPTION(import("day,n\n" + std::string(days), options), Error, [](const Error& error) {
        BOOST_TEST(error.advice().find("Column day has dates as %m/%d/%Y in the dataset, and") !=
                   std::string::npos);
        BOOST_TEST(error.advice().find("%d") < error.advice().rfind("%m"), error.advice());
        return error.code() == "import.columns_differ";
      });
    // What leaves it open is read as the dataset is, and a single value that is no date is a reject.
    const auto open = import("day,n\n03/04/2018,5\n05/06/2018,6\nsoon,7\n", options);
    const Lines typed = rows(dataset_of(open), db::Values::typed);
    BOOST_TEST(typed[typed.size() - 2] == "2018-03-04|5");
    BOOST_TEST(import_row(open).rejected == 1u);
  }
}

// Where a cell that is no date keeps the column from being one, its rows say the order, also the last.
BOOST_AUTO_TEST_CASE(append_refuses_dates_of_another_order_behind_many_that_leave_it_open) {
  import("day,n\n12/31/2017,1\n01/02/2018,2\n", Json::object({{ "dataset", "mdy" }}));
  std::string days = "day,n\nsoon,0\n";
  for (int i = 0; i < 3000; ++i)
    days += "0" + std::to_string(i % 9 + 1) + "/02/2018," + std::to_string(i) + "\n";
  const Json options = Json::object({{"dataset", "mdy"}, {"mode", "append"}});
  BOOST_CHECK_EXCEPTION(import(days + "31/12/2018,3\n", options), Error, code_is("import.columns_differ"));
  BOOST_TEST(import_row(import(days, options)).loaded == 3000u);
  import("day,n\n2017-12-31,1\n2018-02-01,2\n", Json::object({{ "dataset", "iso" }}));
  const auto mistake =
      import("day,n\n2017-31-12,1\n2018-02-01,2\n", Json::object({{"dataset", "iso"}, {"mode", "append"}}));
  BOOST_TEST(import_row(mistake).rejected == 1u);
}

BOOST_AUTO_TEST_CASE(a_dataset_with_both_orders_takes_both) {
  const std::string rows_of_it = "a,b\n31/12/2017,12/31/2017\n01/02/2018,03/04/2018\n";
  import(rows_of_it, Json::object({{ "dataset", "both" }}));
  const Json options = Json::object({{"dataset", "both"}, {"mode", "append"}});
  const auto job = import("a,b\n30/12/2017,05/06/2018\n", options);
  BOOST_TEST(rows(dataset_of(job), db::Values::typed).back() == "2017-12-30|2018-05-06");
  BOOST_CHECK_EXCEPTION(import("a,b\n12/30/2017,05/06/2018\n", options), Error,
                        code_is("import.columns_differ"));
}

BOOST_AUTO_TEST_CASE(dates_of_an_append_are_found_by_range) {
  import("day,n\n2017-01-01,1\n2017-06-01,2\n", Json::object({{ "dataset", "days" }}));
  const auto job = import("day,n\n2018-01-01,3\n,4\n2019-01-01,5\n",
                          Json::object({{"dataset", "days"}, {"mode", "append"}}));
  const auto dataset = dataset_of(job);
  BOOST_TEST(rows(dataset, db::Values::as_uploaded,
                  db::DateRange{0, csv::Date{2017, 6, 1}, csv::Date{2018, 1, 1}}) ==
                 (Lines{"2017-06-01|2", "2018-01-01|3"}),
             boost::test_tools::per_element());
  BOOST_TEST(rows(dataset, db::Values::as_uploaded, db::DateRange{0, {}, csv::Date{2017, 5, 31}}) ==
                 (Lines{"2017-01-01|1"}),
             boost::test_tools::per_element());
  BOOST_TEST(csv::from_microseconds(*dataset.columns[0].greatest).date.year == 2019);
}

BOOST_AUTO_TEST_CASE(review_rests_and_goes_on_with_other_options) {
  const auto job = queue(upload("1;2\n3;4\n"), Json::object({{"load", "review"}}));
  run(job);
  BOOST_TEST(state_of(job) == "paused");
  BOOST_TEST(!import_row(job).dataset_id.has_value());
  BOOST_TEST(import_row(job).columns->items().size() == 2u);
  {
    db::Transaction transaction(connection);
    db::set_import_options(transaction, job.import.id, Json::object({{"load", "auto"}, {"header", true}}));
    transaction.commit();
  }
  run(job);
  BOOST_TEST(state_of(job) == "succeeded");
  BOOST_TEST(rows(dataset_of(job)) == (Lines{"3|4"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(load_again_takes_the_place_of_the_old_import) {
  const auto made = upload("a,b\n1,2\n3,4\n");
  const auto first = queue(made);
  run(first);
  const auto before = dataset_of(first);
  const auto second = queue(made, Json::object({{"types", "text"}}), first.import.id);
  run(second);
  const auto after = dataset_of(second);
  BOOST_TEST(after.uid.text() == before.uid.text());
  BOOST_TEST(after.name == before.name);
  BOOST_TEST(csv::is_text(after.columns[0].type.type));
  BOOST_TEST(after.row_count == 2u);
  BOOST_TEST(import_row(first).hidden_at.has_value());
  BOOST_TEST(db::list_datasets(connection, actor, 10).size() == 1u);
}

BOOST_AUTO_TEST_CASE(types_given_by_hand_reject_what_does_not_fit) {
  const Json options = Json::object(
      {{"columns",
        Json::array(
            {Json::object({{"index", 0}, {"type", "date"}, {"date_format", "%d/%m/%Y"}, {"name", "day"}}),
             Json::object({{"index", 1}, {"type", "int"}})})}});
  const auto job = import("d,n\n01/02/2018,1\n05/06/2018,2\n03/04/2018,x\n", options);
  const auto dataset = dataset_of(job);
  BOOST_TEST(dataset.columns[0].name == "day");
  BOOST_TEST(rows(dataset) == (Lines{"01/02/2018|1", "05/06/2018|2"}), boost::test_tools::per_element());
  BOOST_TEST(rows(dataset, db::Values::typed) == (Lines{"2018-02-01|1", "2018-06-05|2"}),
             boost::test_tools::per_element());
  BOOST_TEST(rows(dataset, db::Values::typed, db::DateRange{0, csv::Date{2018, 2, 1}, csv::Date{2018, 2, 1}})
                 .size() == 1u);
  BOOST_TEST(import_row(job).rejected == 1u);
}

BOOST_AUTO_TEST_CASE(a_wide_file_is_packed_and_reads_the_same) {
  std::string csv, line = "2017-05-06";
  csv = "day";
  for (int i = 1; i < 1200; ++i) csv += ",c" + std::to_string(i);
  csv += "\n";
  for (int i = 1; i < 1200; ++i) line += ",value " + std::to_string(i);
  for (int row = 0; row < 20; ++row) csv += line + "\n";
  const auto dataset = dataset_of(import(csv));
  BOOST_TEST(csv::to_string(dataset.layout) == "packed");
  const auto lines = rows(dataset);
  BOOST_TEST(lines.size() == 20u);
  std::string expected = line;
  std::replace(expected.begin(), expected.end(), ',', '|');
  BOOST_TEST(lines.back() == expected);
  BOOST_TEST(rows(dataset, db::Values::as_uploaded, db::DateRange{0, csv::Date{2017, 5, 6}, {}}).size() ==
             20u);
  BOOST_TEST(rows(dataset, db::Values::as_uploaded, db::DateRange{0, csv::Date{2017, 5, 7}, {}}).empty());
}

BOOST_AUTO_TEST_CASE(reading_may_stop_at_any_page_and_go_on) {
  const auto dataset = dataset_of(import(table(3000)));
  const Lines all = rows(dataset);
  BOOST_TEST(rows(dataset, db::Values::as_uploaded, {}, 7) == all, boost::test_tools::per_element());
  db::RowsRequest request;
  request.data_database = settings.data_database();
  request.dataset = dataset;
  request.import_ids = db::published_import_ids(connection, dataset.id);
  request.columns = {1};
  db::RowKey at;
  std::uint64_t given = 0;
  for (bool more = true; more;) {
    db::DatasetRows reader(connection, request, at);
    BOOST_TEST(reader.rows_left() == 2997u - std::min<std::uint64_t>(at.row_no, 2997));
    more = reader.next_page(
        [&](const db::RowKey&, std::span<const db::RowCell> cells) {
          BOOST_TEST(cells.size() == 1u);
          ++given;
        },
        1000);
    at = reader.position();
  }
  BOOST_TEST(given == 2997u);
}

BOOST_AUTO_TEST_CASE(a_given_up_import_leaves_nothing) {
  const auto job = queue(upload(table(6000)));
  std::uint64_t dataset_id = 0;
  {
    test::TestAttempt attempt(connection, settings, job.job);
    const auto work = jobs::make_import_kind()->open(attempt);
    for (int step = 0; step < 4; ++step) work->step(attempt);
    dataset_id = *import_row(job).dataset_id;
    BOOST_TEST(db::rows_table_exists(connection, settings.data_database(), dataset_id));
    jobs::make_import_kind()->clean_up(connection, settings, attempt.job());
    jobs::make_import_kind()->clean_up(connection, settings, attempt.job());
  }
  BOOST_TEST(!db::rows_table_exists(connection, settings.data_database(), dataset_id));
  BOOST_TEST(!db::load_dataset(connection, dataset_id).has_value());
  BOOST_TEST(db::count_rejects(connection, job.import.id) == 0u);
  BOOST_TEST(db::read_blocks(connection, job.import.id).empty());
  connection.execute("UPDATE jobs SET run_no = 2, cursor_json = NULL WHERE id = ?", {job.job.id});
  run(job);
  BOOST_TEST(state_of(job) == "succeeded");
  BOOST_TEST(db::find_import_of_run(connection, job.job.id, 2)->loaded == 5994u);
}

BOOST_AUTO_TEST_CASE(a_given_up_append_leaves_the_rows_of_others) {
  const auto first = import(table(2000), Json::object({{"dataset", "kept"}}));
  const auto job = queue(upload(table(6000)), Json::object({{"dataset", "kept"}, {"mode", "append"}}));
  test::TestAttempt attempt(connection, settings, job.job);
  const auto work = jobs::make_import_kind()->open(attempt);
  for (int step = 0; step < 4; ++step) work->step(attempt);
  BOOST_TEST((rows(dataset_of(first)) == expected_rows(2000)));
  jobs::make_import_kind()->clean_up(connection, settings, attempt.job());
  BOOST_TEST((rows(dataset_of(first)) == expected_rows(2000)));
  BOOST_TEST(number("SELECT COUNT(*) FROM " +
                    db::rows_table(settings.data_database(), dataset_of(first).id)) == 1998u);
}

BOOST_AUTO_TEST_SUITE_END()
