// SPDX-License-Identifier: MIT
#include "fcgi-app/operation/setting_info.hpp"

#include <boost/test/unit_test.hpp>

using namespace sluice;

BOOST_AUTO_TEST_SUITE(setting_info)

namespace {

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string info_of(const char* const* environment) {
  return fcgi::operation::setting_info(load_config(environment).settings);
}

}  // namespace

BOOST_AUTO_TEST_CASE(numbers_and_words_are_shown_with_their_source) {
  const char* const environment[] = {"SLUICE_OWNER_JOBS=7", "SLUICE_SYNC=piece", nullptr};
  const std::string text = info_of(environment);
  for (const std::string_view line : {"{name=\"MAX_JOBS\",value=\"20\",source=\"default\"} 1\n",
                                      "{name=\"OWNER_JOBS\",value=\"7\",source=\"environment\"} 1\n",
                                      "{name=\"SYNC\",value=\"piece\",source=\"environment\"} 1\n",
                                      "{name=\"UPLOAD_TTL\",value=\"7d\",source=\"default\"} 1\n",
                                      "{name=\"DB_WEB_PASSWORD\",value=\"\",source=\"default\"} 1\n"})
    BOOST_TEST(holds(text, line), line);
}

BOOST_AUTO_TEST_CASE(every_setting_has_a_line) {
  const char* const environment[] = {nullptr};
  const std::string text = info_of(environment);
  for (const EffectiveSetting& setting : load_config(environment).settings)
    BOOST_TEST(holds(text, "{name=\"" + setting.name.substr(7) + "\","), setting.name);
}

BOOST_AUTO_TEST_CASE(no_secret_path_address_or_user_is_told) {
  const char* const environment[] = {"SLUICE_DB_WEB_PASSWORD=hidden1",
                                     "SLUICE_REDIS_PASSWORD=hidden2",
                                     "SLUICE_DATA_DIR=/hidden3",
                                     "SLUICE_RUN_DIR=/hidden4",
                                     "SLUICE_DB_SOCKET=/hidden5",
                                     "SLUICE_REDIS_URL=unix:///hidden6",
                                     "SLUICE_DB_HOST=hidden7",
                                     "SLUICE_DB_WEB_USER=hidden8",
                                     "SLUICE_CORS_ORIGINS=https://hidden9",
                                     "SLUICE_ALLOWED_HOSTS=hidden10\"\\",
                                     "SLUICE_PUBLISH=127.0.0.1:8099",
                                     nullptr};
  const std::string text = info_of(environment);
  BOOST_TEST(!holds(text, "hidden"));
  BOOST_TEST(!holds(text, "/"));
  BOOST_TEST(!holds(text, "8099"));
  BOOST_TEST(holds(text, "{name=\"DB_WEB_PASSWORD\",value=\"set\",source=\"environment\"} 1\n"));
  BOOST_TEST(holds(text, "{name=\"DATA_DIR\",value=\"set\",source=\"environment\"} 1\n"));
}

BOOST_AUTO_TEST_SUITE_END()
