// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include "core/base/config.hpp"
#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "core/base/uid.hpp"
#include "core/db/migrations.hpp"
#include "core/job/state.hpp"

using namespace sluice;

BOOST_AUTO_TEST_SUITE(base)

BOOST_AUTO_TEST_CASE(a_uid_survives_text_and_bytes) {
  const Uid uid = Uid::random();
  BOOST_TEST((Uid::parse(uid.text()) == uid));
  BOOST_TEST((Uid::from_bytes(uid.bytes()) == uid));
  BOOST_TEST(uid.text()[14] == '4');
}

BOOST_AUTO_TEST_CASE(only_the_canonical_form_is_a_uid) {
  for (const char* text : {"", "00000000-0000-4000-8000-00000000000", "00000000-0000-4000-8000-00000000000G",
                           "0000000A-0000-4000-8000-000000000000", "000000000000-4000-8000-000000000000-0"}) {
    BOOST_TEST(!Uid::parse(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(settings_come_from_the_environment) {
  const char* environment[] = {"SLUICE_WEB_THREADS=7",
                               "SLUICE_UPLOAD_TTL=2h",
                               "SLUICE_MIN_FREE_DISK=4m",
                               "SLUICE_NONSENSE=1",
                               "SLUICE_ALLOWED_HOSTS=a.example, b.example",
                               "PATH=/bin",
                               nullptr};
  const LoadedConfig loaded = load_config(environment);
  BOOST_TEST(loaded.config.web_threads == 7u);
  BOOST_TEST(loaded.config.upload_ttl.count() == 7200);
  BOOST_TEST(loaded.config.min_free_disk == 4u << 20);
  BOOST_TEST(loaded.config.allowed_hosts.size() == 2u);
  BOOST_TEST(loaded.config.allowed_hosts[1] == "b.example");
  BOOST_TEST(loaded.unknown == std::vector<std::string>{"SLUICE_NONSENSE"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_bad_setting_is_named) {
  const char* environment[] = {"SLUICE_WEB_THREADS=many", nullptr};
  BOOST_CHECK_EXCEPTION(load_config(environment), Error, [](const Error& error) {
    return error.code() == "config.invalid" && error.detail().find("SLUICE_WEB_THREADS") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(a_secret_is_not_listed) {
  const char* environment[] = {"SLUICE_DB_WEB_PASSWORD=hush", nullptr};
  for (const EffectiveSetting& setting : load_config(environment).settings)
    BOOST_TEST(setting.value != "hush");
}

BOOST_AUTO_TEST_CASE(digests_are_the_standard_ones) {
  BOOST_TEST(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(base64_encode("ab") == "YWI=");
}

BOOST_AUTO_TEST_CASE(statements_end_at_semicolons_outside_quotes_and_comments) {
  const auto statements = db::split_statements("-- a; b\nSELECT ';', \"x;\"; \n -- end\nSELECT `;`;\n");
  BOOST_REQUIRE(statements.size() == 2u);
  BOOST_TEST(statements[1].find("SELECT `;`") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
