// SPDX-License-Identifier: MIT
#include "core/db/export_request.hpp"

#include <boost/test/unit_test.hpp>

using namespace sluice;
using namespace sluice::db;

BOOST_AUTO_TEST_SUITE(export_request)

BOOST_AUTO_TEST_CASE(only_days_that_exist_are_dates) {
  BOOST_TEST(full_date(parse_full_date("2016-02-29").value()) == "2016-02-29");
  BOOST_TEST(full_date(parse_full_date("0001-01-01").value()) == "0001-01-01");
  for (const char* bad :
       {"2017-02-29", "2017-13-01", "2017-00-10", "17-01-01", "2017-1-1", "2017/01/01", "2017-01-01 ",
        "2017-01-01T00:00:00Z", "0000-01-01", "", "+017-01-01", "2017-01-3x"}) {
    BOOST_TEST(!parse_full_date(bad).has_value(), bad);
  }
}

BOOST_AUTO_TEST_CASE(a_request_comes_back_from_its_json) {
  ExportRequest request;
  request.dataset_uid = Uid::random();
  request.dataset_name = "sales";
  request.from = parse_full_date("2016-01-03");
  request.date_column = "day";
  request.columns = std::vector<std::string>{"b", "a"};
  request.values = Values::typed;
  request.header = ExportHeader::no;
  request.delimiter = "\t";
  request.compression = Compression::zstd;
  request.formulas = csv::Formulas::escape;
  const ExportRequest again = export_request_from(to_json(request));
  BOOST_TEST(to_json(again).text() == to_json(request).text());
  BOOST_TEST(!again.to.has_value());
  BOOST_TEST((again.columns == request.columns));
  BOOST_TEST((again.compression == Compression::zstd));
  const ExportRequest plain = export_request_from(to_json(ExportRequest{}));
  BOOST_TEST(!plain.columns.has_value());
  BOOST_TEST(plain.delimiter == ",");
}

BOOST_AUTO_TEST_SUITE_END()
