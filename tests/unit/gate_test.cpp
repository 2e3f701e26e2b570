// SPDX-License-Identifier: MIT
#include "fcgi-app/gate.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/unit/error_code.hpp"

using namespace sluice;
using namespace sluice::fcgi;
using sluice::test::code_of;

BOOST_AUTO_TEST_SUITE(gate_rules)

BOOST_AUTO_TEST_CASE(without_accounts_only_loopback_addresses_are_published) {
  for (const char* publish : {"127.0.0.1:8081", "127.0.0.1", "localhost:80", "[::1]:8081", "127.1.2.3:1"}) {
    Config config;
    config.publish = publish;
    BOOST_TEST(code_of([&] { require_safe_publishing(config); }) == "", publish);
  }
  for (const char* publish : {"0.0.0.0:8081", "192.168.1.2:8081", ":8081", "", "[::]:8081", "example.org",
                              "127.0.0.1.example.org:80", "10.0.0.1"}) {
    Config config;
    config.publish = publish;
    BOOST_TEST(code_of([&] { require_safe_publishing(config); }) == "config.invalid", publish);
  }
}

BOOST_AUTO_TEST_CASE(the_actor_is_the_local_owner) {
  const Actor actor = gate(Request{}, Method::get, Policy::owner, Config{});
  BOOST_TEST(actor.owner_id == 1U);
  BOOST_TEST(actor.name == "local");
}

BOOST_AUTO_TEST_CASE(an_override_is_judged_by_what_was_sent_and_what_it_becomes) {
  Request request;
  request.headers = {{"host", "localhost:8081"}, {"origin", "https://evil.example"}};
  request.method = Method::head;
  BOOST_TEST(code_of([&] { gate(request, Method::head, Policy::owner, Config{}); }) == "");
  BOOST_TEST(code_of([&] { gate(request, Method::post, Policy::owner, Config{}); }) == "http.foreign_origin");
  request.method = Method::del;
  BOOST_TEST(code_of([&] { gate(request, Method::get, Policy::owner, Config{}); }) == "http.foreign_origin");
}

BOOST_AUTO_TEST_SUITE_END()
